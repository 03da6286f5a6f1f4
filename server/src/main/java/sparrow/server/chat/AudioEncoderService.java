package sparrow.server.chat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.server.http.ConcurrencyLimiter;
import sparrow.server.http.HttpFailure;
import sparrow.server.reply.RefusedException;
import sparrow.speech.wave.Waveform;

/**
 * Hears recordings, few at a time, and remembers what it heard: a client without a conversation sends every earlier recording
 * again with each request. Safe for every thread.
 */
public final class AudioEncoderService {
    private static final int AT_ONCE = 2;
    private static final int MOST_WAITING = 64;
    private static final long MOST_BYTES = 64 << 20;

    /** Of all recordings that are heard or wait, 256 MiB: ten minutes fit into few bytes of Opus. */
    private static final int MOST_SAMPLES = 1 << 26;

    private final SpokenModel model;
    private final Semaphore room;
    private final ConcurrencyLimiter limiter =
            new ConcurrencyLimiter(AT_ONCE, MOST_WAITING, "recordings wait to be heard");

    private final HeardRecordings heard = new HeardRecordings(MOST_BYTES);

    /** Of a model that is open. */
    public AudioEncoderService(SpokenModel model) {
        this(model, MOST_SAMPLES);
    }

    /** @param mostSamples of all recordings that are heard or wait */
    AudioEncoderService(SpokenModel model, int mostSamples) {
        this.model = model;
        this.room = new Semaphore(mostSamples);
    }

    /** Listens to one request. */
    public Listening listen() {
        return new Listening();
    }

    /** The recordings of one request. Of one thread. */
    public final class Listening {
        private long nanos;

        /**
         * A question as the model hears it.
         *
         * @param param where it stands in the request
         * @throws RefusedException if it cannot be understood
         * @throws HttpFailure if too many wait to be heard
         */
        public Question hear(Question question, String param) {
            return AudioEncoderService.this.hear(question, param, this);
        }

        /** Time that encoding took. */
        public long nanos() {
            return nanos;
        }
    }

    private Question hear(Question question, String param, Listening listening) {
        if (!(question instanceof Question.Spoken(Waveform sound))) return question;
        String key = key(sound);
        Optional<Question> known = heard.find(key);
        if (known.isPresent()) return known.get();
        int samples = sound.samples().length;
        if (!room.tryAcquire(samples)) {
            throw HttpFailure.busy("busy: too much sound waits to be heard; try again later", Duration.ofSeconds(1));
        }
        try {
            return limiter.pass(() -> {
                long start = System.nanoTime();
                Question understood = model.encode(question);
                listening.nanos += System.nanoTime() - start;
                heard.remember(key, understood);
                return understood;
            });
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, e.getMessage());
        } finally {
            room.release(samples);
        }
    }

    private static String key(Waveform sound) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        ByteBuffer block = ByteBuffer.allocate(1 << 14);
        block.putInt(sound.sampleRateHz());
        for (float sample : sound.samples()) {
            if (!block.hasRemaining()) flush(block, digest);
            block.putFloat(sample);
        }
        flush(block, digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void flush(ByteBuffer block, MessageDigest digest) {
        digest.update(block.flip());
        block.clear();
    }
}
