package sparrow.gpu.device;

/** An argument of a kernel. */
public sealed interface Argument {
    /** Memory of the device that the kernel runs on. */
    record Memory(Buffer buffer) implements Argument {}

    /** An {@code int}. */
    record Whole(int value) implements Argument {}

    /** A {@code float}. */
    record Real(float value) implements Argument {}

    /** A buffer. */
    static Argument of(Buffer buffer) {
        return new Memory(buffer);
    }

    /** An {@code int}. */
    static Argument of(int value) {
        return new Whole(value);
    }

    /** A {@code float}. */
    static Argument of(float value) {
        return new Real(value);
    }
}
