package sparrow.server.vad;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.vad.TurnEvent.SpeechStarted;
import sparrow.server.vad.TurnEvent.SpeechStopped;

/**
 * Divides the sound of a microphone into turns. A turn begins at the first frame of speech, and ends when
 * {@link TurnSettings#silenceDurationMs} have passed since a silent frame without speech in between (the state machine
 * of Silero). The events do not depend on how the samples are divided among calls, and one append may contain several
 * turns.
 *
 * <p>It keeps the audio of the running turn, and during silence only the sound that may become padding. Each sample
 * belongs to at most one turn.
 */
public final class TurnDetector {
    /** Silence at the end of a turn that is part of its audio: more silence does not help a model and costs tokens. */
    public static final int TRAILING_SILENCE_MS = 200;

    /** Maximum length of a turn. A longer turn is divided, so that a loud room cannot fill the memory. */
    public static final int LONGEST_TURN_MS = 600_000;

    private static final int SAMPLES_PER_MS = Vad.RATE_HZ / 1000;
    private static final int FRAME = Vad.FRAME_SAMPLES;

    /** Marks the absence of a position. */
    private static final long NONE = -1;

    private final Vad vad;
    private final float[] frame = new float[FRAME];
    private final SoundBuffer audio;
    private TurnSettings settings;

    /** Samples of the incomplete frame. */
    private int filled;

    /** The last frames, the newest in the lowest bit; 1 if a frame is speech. */
    private int speechFrames;

    /** Earliest position of the next turn; earlier sound belongs to a turn already or was cleared. */
    private long free;

    /** The beginning of the running turn, or {@link #NONE}. */
    private long turnStart = NONE;

    /** First silent frame after the last frame of speech in the running turn, or {@link #NONE}. */
    private long silenceStart = NONE;

    /** Creates a detector for a session, beginning at its first sample. */
    public TurnDetector(Vad vad, TurnSettings settings) {
        this(vad, settings, 0);
    }

    /**
     * Creates a detector that joins a session.
     *
     * @param position samples of the session so far, at {@link Vad#RATE_HZ}
     */
    public TurnDetector(Vad vad, TurnSettings settings, long position) {
        if (position < 0) throw new IllegalArgumentException("position: expected 0 or more samples, got " + position);
        this.vad = vad;
        this.settings = settings;
        audio = new SoundBuffer(Vad.RATE_HZ, position);
        free = position;
    }

    /** Changes the settings from the next frame on; a running turn goes on. */
    public void change(TurnSettings newSettings) {
        settings = Objects.requireNonNull(newSettings);
    }

    /** Appends samples while no reply is played. */
    public List<TurnEvent> append(float[] samples) {
        return append(samples, Onset.FIRST_FRAME);
    }

    /**
     * Appends samples.
     *
     * @param samples at {@link Vad#RATE_HZ}, full scale is -1 to 1; values beyond count as full scale and NaN as 0
     * @param onset how much speech begins a turn
     * @return the events of these samples, in order
     */
    public List<TurnEvent> append(float[] samples, Onset onset) {
        List<TurnEvent> events = new ArrayList<>();
        for (int at = 0; at < samples.length; ) {
            int n = Math.min(FRAME - filled, samples.length - at);
            System.arraycopy(samples, at, frame, filled, n);
            audio.append(samples, at, n);
            filled += n;
            at += n;
            if (filled == FRAME) {
                filled = 0;
                hear(onset, events);
            }
        }
        return events;
    }

    /** Processes the frame that ends with the newest sample. */
    private void hear(Onset onset, List<TurnEvent> events) {
        float probability = vad.probability(frame, 0);
        boolean speech = settings.isSpeech(probability);
        speechFrames = (speechFrames << 1 | (speech ? 1 : 0)) & ((1 << Onset.WINDOW) - 1);
        if (isSpeaking()) {
            if (speech) silenceStart = NONE;
            else if (settings.isSilence(probability) && silenceStart == NONE) silenceStart = position() - FRAME;
            if (hasEnded(probability)) events.add(new SpeechStopped(end()));
        } else if (speech && onset.begins(Integer.bitCount(speechFrames))) {
            turnStart = Math.max(firstKept(), firstSpeech() - padding());
            events.add(new SpeechStarted(turnStart / SAMPLES_PER_MS));
        }
        audio.dropBefore(isSpeaking() ? turnStart : position() - (Onset.WINDOW - 1) * FRAME - padding());
    }

    private boolean hasEnded(float probability) {
        long longest = (long) LONGEST_TURN_MS * SAMPLES_PER_MS;
        if (position() - turnStart + FRAME > longest) return true;
        long silence = (long) settings.silenceDurationMs() * SAMPLES_PER_MS;
        return silenceStart != NONE && settings.isSilence(probability) && position() - silenceStart >= silence;
    }

    /** Returns the start of the oldest speech frame that contributed to the beginning of the turn. */
    private long firstSpeech() {
        int frames = Integer.SIZE - Integer.numberOfLeadingZeros(speechFrames);
        return position() - (long) frames * FRAME;
    }

    private int padding() {
        return settings.prefixPaddingMs() * SAMPLES_PER_MS;
    }

    private long firstKept() {
        return Math.max(free, audio.start());
    }

    /** Returns true while a turn is running. */
    public boolean isSpeaking() {
        return turnStart != NONE;
    }

    /** Returns the number of samples of the session so far. */
    public long position() {
        return audio.end();
    }

    /** Returns the number of samples that are kept. */
    public int kept() {
        return audio.length();
    }

    /**
     * Returns the audio of the running turn so far, for processing in advance: the audio of the finished turn begins
     * with it. Empty if no turn is running.
     */
    public Sound heard() {
        return isSpeaking() ? audio.sound(turnStart, audioEnd()) : audio.sound(position(), position());
    }

    /** Returns the end of the running turn's audio if it ended now. */
    private long audioEnd() {
        if (silenceStart == NONE) return position();
        return Math.min(position(), silenceStart + TRAILING_SILENCE_MS * SAMPLES_PER_MS);
    }

    /** Returns the milliseconds of audio that {@link #commit} would return. */
    public long bufferedMs() {
        return ((isSpeaking() ? audioEnd() : position()) - commitStart()) / SAMPLES_PER_MS;
    }

    private long commitStart() {
        return isSpeaking() ? turnStart : firstKept();
    }

    /**
     * Ends the turn here, because the client requested it. If no turn is running, returns the sound that would have
     * been its padding. Speech that continues begins another turn.
     */
    public Turn commit() {
        if (!isSpeaking()) turnStart = firstKept();
        return end();
    }

    /**
     * Discards the audio that has not been returned, including a running turn. Speech that continues begins another
     * turn.
     */
    public void clear() {
        silent();
        free = position();
    }

    private Turn end() {
        long end = audioEnd();
        Turn turn = new Turn(turnStart / SAMPLES_PER_MS, position() / SAMPLES_PER_MS, audio.sound(turnStart, end));
        silent();
        free = end;
        return turn;
    }

    private void silent() {
        turnStart = NONE;
        silenceStart = NONE;
        speechFrames = 0;
    }

    /** The amount of speech that begins a turn. */
    public enum Onset {
        /** One frame: while no reply is played, waiting would only add latency. */
        FIRST_FRAME(1),

        /** Four of six frames: while a reply is played, a short echo of it in the microphone must not interrupt it. */
        SUSTAINED(4);

        /** Number of recent frames that are considered. */
        static final int WINDOW = 6;

        private final int frames;

        Onset(int frames) {
            this.frames = frames;
        }

        /** Returns true if this number of speech frames among the last {@link #WINDOW} begins a turn. */
        boolean begins(int speechFrames) {
            return speechFrames >= frames;
        }
    }

    /**
     * The sound of one turn.
     *
     * @param startMs start of its audio, including padding, in the audio of the session
     * @param endMs position at which its end was detected, after the silence that ended it
     * @param audio at {@link Vad#RATE_HZ}; it may end before {@code endMs}, because it contains only the beginning of
     *     the silence
     */
    public record Turn(long startMs, long endMs, Sound audio) {}
}
