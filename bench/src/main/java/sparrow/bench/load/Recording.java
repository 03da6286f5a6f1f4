package sparrow.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import sparrow.speech.wave.Waveform;

/**
 * Something to say, as the events that append it piece by piece.
 *
 * @param appends one event for each tenth of a second, the last filled up with silence
 * @param speechNanos when the last loud sample was said
 */
record Recording(List<String> appends, long speechNanos) {
    /** The only rate of the protocol's linear format. */
    static final int RATE_HZ = 24_000;

    /** The length of a piece. */
    static final long PIECE_NANOS = 100_000_000;

    /** A tenth of a second of nothing. */
    static final String SILENCE = append(new byte[2 * RATE_HZ / 10]);

    private static final int PIECE_SAMPLES = RATE_HZ / 10;

    /** Of the peak: what is quieter behind the last louder sample is the end of the recording, not of the speech. */
    private static final float LOUD = 0.03f;

    /** The events of a recording at any rate. */
    static Recording of(Waveform waveform) {
        float[] samples = waveform.at(RATE_HZ).samples();
        List<String> appends = new ArrayList<>();
        for (int from = 0; from < samples.length; from += PIECE_SAMPLES) {
            ByteBuffer piece = ByteBuffer.allocate(2 * PIECE_SAMPLES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = from; i < Math.min(samples.length, from + PIECE_SAMPLES); i++) {
                piece.putShort((short) Math.clamp(Math.round(samples[i] * 32768.0), Short.MIN_VALUE, Short.MAX_VALUE));
            }
            appends.add(append(piece.array()));
        }
        return new Recording(List.copyOf(appends), loud(samples) * 1_000_000_000L / RATE_HZ);
    }

    /** The length in time of 16-bit samples that come as base64. */
    static long nanos(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        long samples = (base64.length() / 4 * 3L - padding) / 2;
        return samples * 1_000_000_000L / RATE_HZ;
    }

    private static long loud(float[] samples) {
        float peak = 0;
        for (float sample : samples) peak = Math.max(peak, Math.abs(sample));
        int end = samples.length;
        while (end > 0 && Math.abs(samples[end - 1]) < LOUD * peak) end--;
        return end;
    }

    private static String append(byte[] pcm) {
        return "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}";
    }
}
