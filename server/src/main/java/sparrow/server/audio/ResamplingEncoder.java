package sparrow.server.audio;

import java.util.Arrays;
import sparrow.speech.wave.StreamingResampler;

/** Brings samples to the rate of the encoder behind it. */
final class ResamplingEncoder implements AudioEncoder {
    private final StreamingResampler resampler;
    private final AudioEncoder encoder;

    ResamplingEncoder(int fromHz, int toHz, AudioEncoder encoder) {
        resampler = new StreamingResampler(fromHz, toHz);
        this.encoder = encoder;
    }

    @Override
    public byte[] accept(float[] samples) {
        return encoder.accept(resampler.accept(samples, false));
    }

    @Override
    public byte[] finish() {
        byte[] rest = encoder.accept(resampler.accept(new float[0], true));
        byte[] end = encoder.finish();
        byte[] both = Arrays.copyOf(rest, rest.length + end.length);
        System.arraycopy(end, 0, both, rest.length, end.length);
        return both;
    }
}
