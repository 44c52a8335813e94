# The library is not nginx's: it is written to GNU's C library, and its record
# tables leave what is zero unsaid.  Nothing outside of the module calls it, nor
# what the module says to nginx but by the one table of modules: calls within
# need no detour by a table of addresses.  These flags are for its objects alone.

# gcc clears and copies what has a hundred bytes by an instruction that takes as
# long to begin; other compilers do not know the flags, and need them not

cx_returns_cc="-mmemset-strategy=unrolled_loop:48:noalign,libcall:-1:noalign"
cx_returns_cc="$cx_returns_cc `echo $cx_returns_cc | sed s/memset/memcpy/`"

$CC $cx_returns_cc -E -x c /dev/null >/dev/null 2>&1 || cx_returns_cc=

for cx_returns_src in $CX_RETURNS_LIB_SRCS; do
    cx_returns_obj=`basename \`dirname $cx_returns_src\``
    cx_returns_obj=$cx_returns_obj/`basename $cx_returns_src .c`.$ngx_objext

    cat << END                                                >> $NGX_MAKEFILE

$NGX_OBJS/addon/$cx_returns_obj:	CFLAGS += -D_GNU_SOURCE -Wno-missing-field-initializers -fvisibility=hidden $cx_returns_cc
END
done

for cx_returns_src in $CX_RETURNS_DIR/nginx/*.c; do
    cx_returns_obj=nginx/`basename $cx_returns_src .c`.$ngx_objext

    cat << END                                                >> $NGX_MAKEFILE

$NGX_OBJS/addon/$cx_returns_obj:	CFLAGS += -fvisibility=hidden $cx_returns_cc
END
done
