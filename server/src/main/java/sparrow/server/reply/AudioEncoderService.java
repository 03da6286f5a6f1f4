package sparrow.server.reply;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.server.audio.EncodedAudio;
import sparrow.server.http.ConcurrencyLimiter;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusedException;
import sparrow.speech.wave.Waveform;

/**
 * Encodes a limited number of recordings at a time. It caches the results, because a client without a conversation
 * sends all earlier recordings again with each request. Thread-safe.
 */
public final class AudioEncoderService implements AutoCloseable {
    private static final int AT_ONCE = 2;
    private static final int MAX_WAITING = 64;

    /**
     * Maximum number of samples in the recordings of one request. A few bytes of Opus may contain ten minutes of audio.
     */
    private static final int MAX_SAMPLES = (int) Math.min(1 << 26, HeapShare.RECORDINGS.limit() / Float.BYTES);

    private final SpokenModel model;
    private final int maxSamples;
    private final ConcurrencyLimiter limiter =
            new ConcurrencyLimiter(AT_ONCE, MAX_WAITING, "recordings are waiting to be encoded");

    private final EncodedRecordingCache heard = new EncodedRecordingCache(HeapShare.ENCODED.limit());

    /** Creates a service for an open model. */
    public AudioEncoderService(SpokenModel model) {
        this(model, MAX_SAMPLES);
    }

    /**
     * Creates a service for an open model.
     *
     * @param maxSamples the maximum number of samples in the recordings of one request
     */
    public AudioEncoderService(SpokenModel model, int maxSamples) {
        this.model = model;
        this.maxSamples = maxSamples;
    }

    /** Removes the stored recordings. */
    @Override
    public void close() {
        heard.close();
    }

    /** Returns an encoder for one request's recordings. */
    public Listening listen() {
        return new Listening();
    }

    /** The recordings of one request. Not thread-safe. */
    public final class Listening {
        private long samples;
        private long nanos;

        /**
         * Encodes a recording. Its length is checked before it is decoded.
         *
         * @param param the recording's place in the request
         * @throws RefusedException if the recording is damaged or cannot be encoded, or if the request contains too
         *     much audio
         * @throws HttpFailure if too many recordings are waiting
         */
        public Question hear(EncodedAudio sound, String param) {
            String key = key(sound);
            Optional<Question> known = heard.find(key);
            if (known.isPresent()) return known.get();
            samples += sound.samples();
            if (samples > maxSamples) {
                throw RefusedException.value(
                        param,
                        param + ": expected at most " + maxSamples + " samples of new audio in one request, found "
                                + samples);
            }
            long bytes = (long) sound.samples() * Float.BYTES;
            if (!HeapShare.RECORDINGS.take(bytes)) throw HttpFailure.busy("too much audio is waiting to be encoded");
            try {
                Question understood = limiter.pass(() -> encode(sound, param));
                heard.remember(key, understood);
                return understood;
            } finally {
                HeapShare.RECORDINGS.add(-bytes);
            }
        }

        private Question encode(EncodedAudio sound, String param) {
            Waveform decoded = decoded(sound, param);
            long start = System.nanoTime();
            try {
                return model.encode(new Question.Spoken(decoded));
            } catch (IllegalArgumentException e) {
                throw RefusedException.value(param, e.getMessage());
            } finally {
                nanos += System.nanoTime() - start;
            }
        }

        /** Returns the time that encoding took. */
        public long nanos() {
            return nanos;
        }
    }

    /**
     * Decodes a recording.
     *
     * @param param the recording's place in the request
     * @throws RefusedException if the recording is damaged
     * @throws HttpFailure if too many recordings are waiting
     */
    public Waveform decode(EncodedAudio sound, String param) {
        return limiter.pass(() -> decoded(sound, param));
    }

    private static Waveform decoded(EncodedAudio sound, String param) {
        try {
            return sound.decode();
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, param + ": " + e.getMessage());
        }
    }

    private static String key(EncodedAudio sound) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) sound.format().ordinal());
            return HexFormat.of().formatHex(digest.digest(sound.bytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
