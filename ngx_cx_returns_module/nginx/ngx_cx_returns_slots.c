
/*
 * Values of directives, looked at where they stand: a mistake is named with the
 * directive, what it takes and what it was given, in the line that has it.
 * nginx's own setters leave one or two of these out.
 */

#include "ngx_cx_returns.h"


/* roles besides "feed:<carrier>": README.md, "Roles" */

static const char  *ngx_cx_returns_role_names[] = {
    "read", "approve", "receive", "settle", "orders"
};


/* A file or a directory that has to have a name; relative ones are below
   nginx's prefix. */

char *
ngx_cx_returns_set_path(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t  *value, *path;

    path = (ngx_str_t *) (p + cmd->offset);

    if (path->data != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" names nothing: it takes %s", &cmd->name,
                           (char *) cmd->post);
        return NGX_CONF_ERROR;
    }

    *path = value[1];

    return ngx_conf_full_name(cf->cycle, path, 0) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* One of some words; "post" is a table of them that ends with an empty one. */

char *
ngx_cx_returns_set_word(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    u_char           *last, text[256];
    ngx_str_t        *value;
    ngx_uint_t       *np, i;
    ngx_conf_enum_t  *e;

    np = (ngx_uint_t *) (p + cmd->offset);

    if (*np != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;
    e = cmd->post;
    last = text;

    for (i = 0; e[i].name.len != 0; i++) {

        if (e[i].name.len == value[1].len
            && ngx_memcmp(e[i].name.data, value[1].data, value[1].len) == 0)
        {
            *np = e[i].value;
            return NGX_CONF_OK;
        }

        last = ngx_snprintf(last, text + sizeof(text) - last, "%s%V",
                            i == 0 ? ""
                            : e[i + 1].name.len != 0 ? ", " : " or ",
                            &e[i].name);
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid value \"%V\": \"%V\" takes %*s", &value[1],
                       &cmd->name, (size_t) (last - text), text);
    return NGX_CONF_ERROR;
}


/* After nginx's setter of a number, a size or a time: each is a word wide. */

char *
ngx_cx_returns_check_bounds(ngx_conf_t *cf, void *post, void *data)
{
    ngx_cx_returns_bounds_t  *bounds = post;

    size_t      n;
    ngx_str_t  *value;

    ngx_memcpy(&n, data, sizeof(size_t));

    if (n >= bounds->low && n <= bounds->high) {
        return NGX_CONF_OK;
    }

    value = cf->args->elts;

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\" must be %s, not \"%V\"",
                       &value[0], bounds->says, &value[1]);
    return NGX_CONF_ERROR;
}


char *
ngx_cx_returns_set_rate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_int_t    n;
    ngx_str_t   *value;
    ngx_uint_t  *rate;

    rate = (ngx_uint_t *) (p + cmd->offset);

    if (*rate != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len > 3
        && ngx_strncmp(value[1].data + value[1].len - 3, cmd->post, 3) == 0)
    {
        n = ngx_atoi(value[1].data, value[1].len - 3);

        if (n > 0 && n <= 1000000) {
            *rate = n;
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid rate \"%V\": \"%V\" takes a number from 1 to "
                       "1000000 and its unit, like 20%s",
                       &value[1], &cmd->name, (char *) cmd->post);
    return NGX_CONF_ERROR;
}


/*
 * The caller, or a feed's carrier.  What says nobody for every request would
 * shut the door for good; variables may do so for some.
 */

char *
ngx_cx_returns_set_who(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char       *rv;
    ngx_str_t  *value;

    rv = ngx_http_set_complex_value_slot(cf, cmd, conf);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is empty: it takes text, or variables, "
                           "like $remote_user", &cmd->name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_cx_returns_is_role(ngx_str_t *role)
{
    ngx_uint_t  i;

    if (role->len > 5 && ngx_strncmp(role->data, "feed:", 5) == 0) {
        return 1;
    }

    for (i = 0; i < cxr_nelts(ngx_cx_returns_role_names); i++) {
        if (role->len == ngx_strlen(ngx_cx_returns_role_names[i])
            && ngx_strncmp(role->data, ngx_cx_returns_role_names[i], role->len)
               == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* As above; and names that are written out are known ones. */

char *
ngx_cx_returns_set_roles(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char       *rv;
    u_char     *p, *last;
    ngx_str_t  *value, role;

    rv = ngx_cx_returns_set_who(cf, cmd, conf);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    value = cf->args->elts;

    if (ngx_http_script_variables_count(&value[1]) != 0) {
        return NGX_CONF_OK;
    }

    p = value[1].data;
    last = p + value[1].len;

    while (p < last) {

        role.data = p;

        while (p < last && *p != ' ' && *p != ',') {
            p++;
        }

        role.len = p - role.data;
        p++;

        if (role.len != 0 && !ngx_cx_returns_is_role(&role)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "there is no role \"%V\": \"%V\" takes read, "
                               "approve, receive, settle, orders and "
                               "feed:<carrier>, apart by blanks", &role,
                               &cmd->name);
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}
