import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON (RFC 8259) as maps, lists, strings, numbers, booleans and null: the standard library has no reader for it. */
final class Json {
    private static final int DEEPEST = 100;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException when the text is not JSON */
    static Object parse(String text) {
        var reader = new Json(text);
        Object value = reader.value(0);
        reader.skipBlanks();
        if (reader.at != text.length()) throw reader.unexpected();
        return value;
    }

    /** The member of that name when the value is an object that has it, else null. */
    static Object member(Object value, String name) {
        return value instanceof Map<?, ?> map ? map.get(name) : null;
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            var members = new ArrayList<String>();
            map.forEach((name, member) -> members.add(write(name) + ":" + write(member)));
            return "{" + String.join(",", members) + "}";
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(",", list.stream().map(Json::write).toList()) + "]";
        }
        if (value instanceof CharSequence characters) {
            var quoted = new StringBuilder("\"");
            characters.chars().forEach(c -> {
                if (c == '"' || c == '\\') quoted.append('\\').append((char) c);
                else if (c < ' ') quoted.append(String.format("\\u%04x", c));
                else quoted.append((char) c);
            });
            return quoted.append('"').toString();
        }
        return String.valueOf(value);
    }

    private Object value(int depth) {
        if (depth > DEEPEST) throw unexpected();
        skipBlanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        var members = new LinkedHashMap<String, Object>();
        at++;
        if (skips('}')) return members;
        do {
            skipBlanks();
            String name = string();
            if (!skips(':')) throw unexpected();
            members.put(name, value(depth + 1));
        } while (skips(','));
        if (!skips('}')) throw unexpected();
        return members;
    }

    private List<Object> array(int depth) {
        var items = new ArrayList<Object>();
        at++;
        if (skips(']')) return items;
        do {
            items.add(value(depth + 1));
        } while (skips(','));
        if (!skips(']')) throw unexpected();
        return items;
    }

    private String string() {
        if (peek() != '"') throw unexpected();
        at++;
        var characters = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') throw unexpected();
            characters.append(c == '\\' ? escaped() : c);
        }
        at++;
        return characters.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) throw unexpected();
                at += 4;
                yield (char) Integer.parseInt(text, at - 4, at, 16);
            }
            default -> throw unexpected();
        };
    }

    private BigDecimal number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        if (at == start) throw unexpected();
        return new BigDecimal(text.substring(start, at));
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) throw unexpected();
        at += word.length();
        return meaning;
    }

    private boolean skips(char wanted) {
        skipBlanks();
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        if (isThere) at++;
        return isThere;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private char peek() {
        if (at >= text.length()) throw unexpected();
        return text.charAt(at);
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("not JSON at character " + at);
    }
}
