package sparrow.server.audio;

import java.util.function.Function;

/**
 * Codes each sample by itself. It has no end of its own: the resampler in front of it refuses samples behind it.
 *
 * @param code the bytes of samples
 */
record SampleEncoder(Function<float[], byte[]> code) implements AudioEncoder {
    @Override
    public byte[] accept(float[] samples) {
        return code.apply(samples);
    }

    @Override
    public byte[] finish() {
        return new byte[0];
    }
}
