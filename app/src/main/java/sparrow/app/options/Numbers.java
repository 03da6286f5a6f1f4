package sparrow.app.options;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converters for command-line numbers. Bounds are checked when the command line is parsed, before a model is opened.
 */
public final class Numbers {
    private Numbers() {}

    /** Registers converters for numbers without bounds. */
    public static CommandLine install(CommandLine commands) {
        return commands.registerConverter(int.class, Numbers::whole)
                .registerConverter(Integer.class, Numbers::whole)
                .registerConverter(long.class, text -> parsed("a whole number", Long::valueOf, text))
                .registerConverter(Long.class, text -> parsed("a whole number", Long::valueOf, text))
                .registerConverter(double.class, Numbers::number)
                .registerConverter(Double.class, Numbers::number);
    }

    /** Converts an integer of at least 0. */
    public static final class From0 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 0, "0 or more");
        }
    }

    /** Converts an integer of at least 1. */
    public static final class From1 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 1, "1 or more");
        }
    }

    /** Converts a TCP port number, or 0 for any free port. */
    public static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 0 && value <= 0xffff, "0 to 65535");
        }
    }

    /** Converts a finite number of at least 0. */
    static final class NotNegative implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return bounded(number(text), value -> value >= 0 && Double.isFinite(value), "0 or more");
        }
    }

    /** Converts a finite number above 0. */
    static final class Positive implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return bounded(number(text), value -> value > 0 && Double.isFinite(value), "above 0");
        }
    }

    /** Converts a fraction above 0 and at most 1. */
    static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return bounded(number(text), value -> value > 0 && value <= 1, "above 0 and up to 1");
        }
    }

    /**
     * Parses ids separated by blanks, commas or line breaks, optionally in brackets.
     *
     * @param what the noun for an id in messages
     * @throws IllegalArgumentException if there are no ids, or an id is not an integer of at least 0
     */
    public static int[] ids(String what, String text) {
        String[] parts = text.replaceAll("[\\[\\],]", " ").strip().split("\\s+");
        if (parts.length == 1 && parts[0].isEmpty()) {
            throw new IllegalArgumentException(what + " list: expected one or more numbers, got none");
        }
        return Arrays.stream(parts).mapToInt(part -> id(what, part)).toArray();
    }

    private static int id(String what, String part) {
        try {
            return Integer.parseUnsignedInt(part) < 0 ? refuse(what, part) : Integer.parseInt(part);
        } catch (NumberFormatException e) {
            return refuse(what, part);
        }
    }

    private static int refuse(String what, String part) {
        throw new IllegalArgumentException(what + ": expected a number of 0 or more, got \"" + part + "\"");
    }

    private static Integer whole(String text) {
        return parsed("a whole number", Integer::valueOf, text);
    }

    private static Double number(String text) {
        return parsed("a number", Double::valueOf, text);
    }

    private static <N> N parsed(String kind, Function<String, N> parse, String text) {
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("expected " + kind + ", got " + text);
        }
    }

    private static <N> N bounded(N value, Predicate<N> holds, String expected) {
        if (holds.test(value)) return value;
        throw new TypeConversionException("expected " + expected + ", got " + value);
    }
}
