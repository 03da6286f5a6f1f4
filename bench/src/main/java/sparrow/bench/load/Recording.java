package sparrow.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import sparrow.speech.wave.Waveform;

/**
 * A recording as a sequence of append events.
 *
 * @param appends one event per tenth of a second; the last event is padded with silence
 * @param speechNanos time of the last loud sample
 */
public record Recording(List<String> appends, long speechNanos) {
    /** Sample rate of the protocol's linear format. */
    static final int RATE_HZ = 24_000;

    /** Duration of a piece, in nanoseconds. */
    static final long PIECE_NANOS = 100_000_000;

    /** Append event with a tenth of a second of silence. */
    static final String SILENCE = append(new byte[2 * RATE_HZ / 10]);

    private static final int PIECE_SAMPLES = RATE_HZ / 10;

    /** Speech threshold as a fraction of the peak. Quieter samples at the end of a recording are not speech. */
    private static final float LOUD = 0.03f;

    /** Returns the events of a recording with any sample rate. */
    public static Recording of(Waveform waveform) {
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

    /** Returns the duration of base64-encoded 16-bit samples, in nanoseconds. */
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
