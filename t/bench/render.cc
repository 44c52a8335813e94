
/*
 * The page of render.c by a Mustache of C++ (libkainjow-mustache-dev), its
 * template parsed once:
 *
 *     render-cc TEMPLATE DIR MILLISECONDS
 */

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

#include <jansson.h>
#include <kainjow/mustache.hpp>

using kainjow::mustache::data;


static std::string
slurp(const std::string &path)
{
    std::ifstream       in(path, std::ios::binary);
    std::ostringstream  out;

    out << in.rdbuf();

    return out.str();
}


/* What is empty is nothing to a section, as it is to the others. */
static data
convert(json_t *value)
{
    size_t       i;
    json_t      *item;
    const char  *key;

    switch (json_typeof(value)) {

    case JSON_OBJECT: {
        data  object(data::type::object);

        json_object_foreach(value, key, item) {
            object.set(key, convert(item));
        }

        return object;
    }

    case JSON_ARRAY: {
        data  list(data::type::list);

        json_array_foreach(value, i, item) {
            list.push_back(convert(item));
        }

        return list;
    }

    case JSON_STRING:
        if (json_string_length(value) == 0) {
            return data(data::type::bool_false);
        }

        return data(json_string_value(value));

    case JSON_INTEGER:
        return data(std::to_string(json_integer_value(value)));

    default:
        return data(json_is_true(value) ? data::type::bool_true
                                        : data::type::bool_false);
    }
}


static std::string
escape(const std::string &s)
{
    std::string  out;

    out.reserve(s.size());

    for (char c : s) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }

    return out;
}


static double
cpu()
{
    timespec  t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);

    return double(t.tv_sec) * 1e9 + double(t.tv_nsec);
}


int
main(int argc, char **argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: render-cc TEMPLATE DIR MILLISECONDS\n");
        return 2;
    }

    const std::string  dir = argv[2], want = slurp(dir + "/page.html");
    json_t            *json = json_load_file((dir + "/page.json").c_str(), 0,
                                             nullptr);

    if (json == nullptr) {
        std::fprintf(stderr, "render-cc: there is no page.json\n");
        return 1;
    }

    data                         view = convert(json);
    kainjow::mustache::mustache  page(slurp(argv[1]));

    json_decref(json);
    page.set_custom_escape(escape);

    if (page.render(view) != want) {
        std::fprintf(stderr, "render-cc: another page than ours\n");
        return 1;
    }

    const double  until = std::atof(argv[3]) * 1e6, from = cpu();
    double        spent;
    size_t        n = 0, bytes = 0;

    do {
        for (int i = 0; i < 100; i++) {
            bytes += page.render(view).size();
        }

        n += 100;
        spent = cpu() - from;
    } while (spent < until);

    std::printf("{\"ns\":%.1f,\"bytes\":%zu}\n", spent / double(n), bytes / n);

    return 0;
}
