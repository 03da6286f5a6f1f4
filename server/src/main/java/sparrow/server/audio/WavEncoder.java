package sparrow.server.audio;

import java.util.Arrays;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The file that the command line writes, at the model's own rate. Its header says its length, so it comes whole at the end. */
final class WavEncoder implements AudioEncoder {
    private final int rateHz;
    private float[] samples = {};
    private int length;
    private boolean ended;

    WavEncoder(int rateHz) {
        this.rateHz = new Waveform(samples, rateHz).sampleRateHz(); // which refuses what is no rate
    }

    @Override
    public byte[] accept(float[] piece) {
        if (ended) throw new IllegalStateException("wav: samples after the end");
        int longer = Math.addExact(length, piece.length);
        if (longer > samples.length)
            samples = Arrays.copyOf(samples, (int) Math.min(2L * longer, Integer.MAX_VALUE - 8));
        System.arraycopy(piece, 0, samples, length, piece.length);
        length = longer;
        return new byte[0];
    }

    @Override
    public byte[] finish() {
        if (ended) throw new IllegalStateException("wav: a second end");
        ended = true;
        return WavFile.bytes(new Waveform(Arrays.copyOf(samples, length), rateHz), SampleFormat.PCM16);
    }
}
