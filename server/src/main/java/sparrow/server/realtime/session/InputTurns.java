package sparrow.server.realtime.session;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sparrow.server.audio.AudioDecoder;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.realtime.event.TurnDetection;
import sparrow.server.vad.Turn;
import sparrow.server.vad.TurnDetector;
import sparrow.server.vad.TurnDetector.Onset;
import sparrow.server.vad.TurnEvent;
import sparrow.server.vad.TurnSettings;
import sparrow.server.vad.Vad;

/** The audio that a client appends, divided into turns by voice activity detection or by the client. */
final class InputTurns {
    private static final int MIN_BUFFER_MS = 100;
    private static final int MAX_BUFFER_SECONDS = 600;

    /** Maximum number of seconds of audio in a session, equal to the session's maximum duration. */
    private static final int MAX_SESSION_SECONDS = 3600;

    private static final int RATE_HZ = AudioDecoder.RATE_HZ;

    /**
     * Number of new samples after which the running turn is encoded again. Its codes become final in blocks of about
     * this length.
     */
    private static final int EXPECT_SAMPLES = RATE_HZ * 8 / 10;

    private final Supplier<Vad> vads;
    private final Listener listener;
    private final SessionMemory.Share memory;

    private RealtimeFormat format;
    private AudioDecoder decoder;

    /** Null if the client ends the turns. */
    private TurnDetector detector;

    private Optional<TurnDetection> detection = Optional.empty();
    private final SoundBuffer buffer = new SoundBuffer(RATE_HZ, 0);

    /**
     * Whether the last audio was rejected for lack of memory. The client is notified only once, because more audio may
     * follow.
     */
    private boolean full;

    private long position;

    /** The id of the item that the running turn will become. */
    private Optional<String> turnItem = Optional.empty();

    /** Number of samples in the running turn that have been encoded. */
    private int expected;

    /** Receives the events of the user's turns, in order. */
    interface Listener {
        /** Called when speech starts. Returns the id of the item that the turn will become. */
        String speechStarted(long startMs);

        /**
         * Checks that a turn is accepted now.
         *
         * @throws RefusedException if no turn is accepted
         */
        void requireRoom();

        /** Called when the client ended a turn. The id is empty if the item has no id yet. */
        void turn(Optional<String> itemId, Sound speech);

        /** Called when voice activity detection ended a turn. */
        void speechStopped(String itemId, Turn turn);

        /** Called while the user is speaking, with the turn so far. */
        void speaking(Sound soFar);

        /** Returns whether the user may be hearing the model. */
        boolean isAudible();

        void judged(float probability);
    }

    InputTurns(Supplier<Vad> vads, Listener listener, SessionMemory.Share memory, SessionConfig config) {
        this.memory = memory;
        this.vads = vads;
        this.listener = listener;
        this.format = config.inputFormat();
        this.decoder = format.decoder();
        detect(config.turnDetection());
    }

    /** Changes the settings. Audio that has not been committed is retained. */
    void change(SessionConfig config) {
        if (config.inputFormat() != format) {
            format = config.inputFormat();
            decoder = format.decoder();
        }
        if (!config.turnDetection().equals(detection)) detect(config.turnDetection());
    }

    /** Returns the id of the item that the running turn will become. */
    Optional<String> turnItem() {
        return turnItem;
    }

    /** Returns the number of samples that have not been committed. */
    int kept() {
        return detector == null ? buffer.length() : detector.kept();
    }

    private void detect(Optional<TurnDetection> wanted) {
        detection = wanted;
        if (wanted.isEmpty()) {
            if (detector != null) buffer.append(detector.heard().samples());
            detector = null;
            return;
        }
        if (detector != null) {
            detector.change(settings(wanted.get()));
            return;
        }
        float[] waiting = buffer.sound().samples();
        buffer.clear();
        detector = new TurnDetector(vad(), settings(wanted.get()), position - waiting.length);
        take(waiting);
        expect();
    }

    /** Returns a detector that reports its probabilities to the listener. */
    private Vad vad() {
        Vad vad = vads.get();
        return new Vad() {
            @Override
            public float probability(float[] samples, int offset) {
                float probability = vad.probability(samples, offset);
                listener.judged(probability);
                return probability;
            }

            @Override
            public void reset() {
                vad.reset();
            }
        };
    }

    private static TurnSettings settings(TurnDetection detection) {
        return new TurnSettings(
                (float) detection.threshold(), detection.prefixPaddingMs(), detection.silenceDurationMs());
    }

    /**
     * Appends audio.
     *
     * @throws RefusedException if the bytes are not valid audio, or if there is too much audio; no audio is then
     *     appended
     */
    void append(byte[] bytes) {
        double seconds = format.seconds(bytes.length);
        if (detector == null && (double) buffer.length() / RATE_HZ + seconds > MAX_BUFFER_SECONDS) {
            throw RefusedException.value(
                    "audio",
                    "audio: expected at most " + MAX_BUFFER_SECONDS + " s in the buffer; commit or clear it first");
        }
        if ((double) position / RATE_HZ + seconds > MAX_SESSION_SECONDS) {
            throw RefusedException.value("audio", "audio: expected at most " + MAX_SESSION_SECONDS + " s in a session");
        }
        boolean wasFull = full;
        full = !memory.take((long) (seconds * RATE_HZ));
        if (full && !wasFull) throw SessionMemory.full("audio");
        if (full) return;
        ItemMaker.decode(bytes, "audio", decoder, this::take);
        expect();
    }

    private void take(float[] samples) {
        position = detector == null ? position + samples.length : position;
        if (detector == null) buffer.append(samples);
        else detected(samples);
    }

    private void detected(float[] samples) {
        // Process the samples in pieces, so that the effects of a piece precede the next piece.
        for (int from = 0; from < samples.length; from += EXPECT_SAMPLES) {
            // A virtual thread occupies its processor until it blocks, and processing minutes of audio takes seconds.
            if (from > 0) Thread.yield();
            int to = Math.min(samples.length, from + EXPECT_SAMPLES);
            Onset onset = listener.isAudible() ? Onset.SUSTAINED : Onset.FIRST_FRAME;
            List<TurnEvent> events = detector.append(Arrays.copyOfRange(samples, from, to), onset);
            for (TurnEvent event : events) {
                switch (event) {
                    case TurnEvent.SpeechStarted(long startMs) ->
                        turnItem = Optional.of(listener.speechStarted(startMs));
                    case TurnEvent.SpeechStopped(Turn turn) -> stopped(turn);
                }
            }
        }
        position = detector.position();
    }

    private void stopped(Turn turn) {
        String itemId = turnItem.orElseThrow();
        forget();
        listener.speechStopped(itemId, turn);
    }

    private void over(Sound speech) {
        Optional<String> itemId = turnItem;
        forget();
        listener.turn(itemId, speech);
    }

    private void forget() {
        turnItem = Optional.empty();
        expected = 0;
    }

    /**
     * Notifies the listener of the running turn, because a model that uses speech codes can prefill the final codes
     * while the user is still speaking.
     */
    private void expect() {
        boolean speaking = detector == null || detector.isSpeaking();
        if (!speaking) return;
        Sound soFar = detector == null ? buffer.sound() : detector.heard();
        // The intervals grow, so that long speech is not encoded too often.
        if (soFar.length() - expected < Math.max(EXPECT_SAMPLES, expected / 6)) return;
        expected = soFar.length();
        listener.speaking(soFar);
    }

    /**
     * Ends the turn.
     *
     * @throws RefusedException if there is too little audio, or no room for the turn; the audio is then retained
     */
    void commit() {
        long ms = detector == null ? buffer.length() * 1000L / RATE_HZ : detector.bufferedMs();
        if (ms < MIN_BUFFER_MS) {
            throw new RefusedException(
                    "input_audio_buffer_commit_empty",
                    null,
                    "input audio buffer: expected at least " + MIN_BUFFER_MS + " ms of audio, found " + ms + " ms");
        }
        listener.requireRoom();
        if (detector != null) {
            over(detector.commit().audio());
            return;
        }
        Sound speech = buffer.sound();
        buffer.clear();
        over(speech);
    }

    /** Discards the audio that has not been committed. */
    void clear() {
        if (detector == null) buffer.clear();
        else detector.clear();
        forget();
    }
}
