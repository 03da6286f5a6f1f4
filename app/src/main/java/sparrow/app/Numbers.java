package sparrow.app;

import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of the command line; those with bounds are refused where the line is read, before a model opens. */
final class Numbers {
    private Numbers() {}

    /** Makes a command tree read numbers without bounds this way. */
    static CommandLine readBy(CommandLine commands) {
        return commands.registerConverter(int.class, Numbers::whole)
                .registerConverter(Integer.class, Numbers::whole)
                .registerConverter(long.class, text -> parsed("a whole number", Long::valueOf, text))
                .registerConverter(Long.class, text -> parsed("a whole number", Long::valueOf, text))
                .registerConverter(double.class, Numbers::number)
                .registerConverter(Double.class, Numbers::number);
    }

    /** A whole number that is not negative. */
    static final class From0 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 0, "0 or more");
        }
    }

    /** A whole number above zero. */
    static final class From1 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return bounded(whole(text), value -> value >= 1, "1 or more");
        }
    }

    /** A port of TCP, or 0. */
    static final class Port implements ITypeConverter<Integer> {
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
