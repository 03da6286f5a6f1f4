package sparrow.gpu.device;

/** An argument of a kernel. */
public sealed interface Argument {
    /** A buffer of the device that runs the kernel. */
    record Memory(Buffer buffer) implements Argument {}

    /** An argument of type {@code int}. */
    record Whole(int value) implements Argument {}

    /** An argument of type {@code float}. */
    record Real(float value) implements Argument {}

    static Argument of(Buffer buffer) {
        return new Memory(buffer);
    }

    static Argument of(int value) {
        return new Whole(value);
    }

    static Argument of(float value) {
        return new Real(value);
    }
}
