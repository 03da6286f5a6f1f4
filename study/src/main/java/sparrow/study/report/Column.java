package sparrow.study.report;

import java.util.function.Function;

/**
 * One column of a table of things.
 *
 * @param key its name for programs: lower case, with underscores
 * @param title its name for people, short
 * @param meaning what it is, in a sentence
 * @param kind what its cells are
 * @param cell the cell of one thing
 */
public record Column<R>(String key, String title, String meaning, Kind kind, Function<R, Cell> cell) {
    /** What the cells of a column are. */
    public enum Kind {
        /** Words, or sounds. */
        WORDS,
        /** Numbers. */
        NUMBERS,
        /** Numbers with standard errors, for which programs get a column of their own. */
        ESTIMATES
    }

    /** The same column of other things, each of which has one of these. */
    public <T> Column<T> of(Function<T, R> part) {
        return new Column<>(key, title, meaning, kind, thing -> cell.apply(part.apply(thing)));
    }

    /** A column of words that only programs read. */
    public static <R> Column<R> words(String key, Function<R, Cell> cell) {
        return words(key, key, "", cell);
    }

    /** A column of numbers that only programs read. */
    public static <R> Column<R> numbers(String key, Function<R, Cell> cell) {
        return numbers(key, key, "", cell);
    }

    /** A column of words or sounds. */
    public static <R> Column<R> words(String key, String title, String meaning, Function<R, Cell> cell) {
        return new Column<>(key, title, meaning, Kind.WORDS, cell);
    }

    /** A column of numbers. */
    public static <R> Column<R> numbers(String key, String title, String meaning, Function<R, Cell> cell) {
        return new Column<>(key, title, meaning, Kind.NUMBERS, cell);
    }

    /** A column of estimates. */
    public static <R> Column<R> estimates(String key, String title, String meaning, Function<R, Cell> cell) {
        return new Column<>(key, title, meaning, Kind.ESTIMATES, cell);
    }
}
