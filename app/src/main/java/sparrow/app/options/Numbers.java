package sparrow.app.options;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of the command line; those with bounds are refused where the line is read, before a model opens. */
public final class Numbers {
    private Numbers() {}

    /** Makes a command tree read numbers without bounds this way. */
    public static CommandLine install(CommandLine commands) {
        return commands.registerConverter(int.class, Numbers::whole)
                .registerConverter(Integer.class, Numbers::whole)
                .registerConverter(long.class, text -> parsed("a whole number", Long::valueOf, text))
                .registerConverter(Long.class, text -> parsed("a whole number", Long::valueOf, text))
                .registerConverter(double.class, Numbers::number)
                .registerConverter(Double.class, Numbers::number);
    }

    /** A whole number that is not negative. */
    public static final class From0 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 0, "0 or more");
        }
    }

    /** A whole number above zero. */
    public static final class From1 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 1, "1 or more");
        }
    }

    /** A port of TCP, or 0. */
    public static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 0 && value <= 0xffff, "0 to 65535");
        }
    }

    /** A finite number that is not negative. */
    static final class NotNegative implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return bounded(number(text), value -> value >= 0 && Double.isFinite(value), "0 or more");
        }
    }

    /** A finite number above zero. */
    static final class Positive implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return bounded(number(text), value -> value > 0 && Double.isFinite(value), "above 0");
        }
    }

    /** A share of a whole, which is not empty. */
    static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return bounded(number(text), value -> value > 0 && value <= 1, "above 0 and up to 1");
        }
    }

    /**
     * Reads ids separated by blanks, commas or line ends, with or without brackets around them.
     *
     * @param what the meaning of an id, for messages
     * @throws IllegalArgumentException if there is none, or something is not a number of 0 or more
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
