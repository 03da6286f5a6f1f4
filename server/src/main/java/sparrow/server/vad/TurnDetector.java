package sparrow.server.vad;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.vad.TurnEvent.SpeechStarted;
import sparrow.server.vad.TurnEvent.SpeechStopped;

/**
 * Divides microphone audio into turns. A turn begins at the first speech frame. It ends when
 * {@link TurnSettings#silenceDurationMs} have passed since a silent frame without speech in between (Silero's state
 * machine). The events do not depend on how the samples are divided among calls, and one call may complete several
 * turns.
 *
 * <p>The detector stores the audio of the running turn. During silence, it stores only audio that may become padding.
 * Each sample belongs to at most one turn.
 */
public final class TurnDetector {
    /** Silence at the end of a turn that is part of its audio. More silence does not help a model and uses tokens. */
    public static final int TRAILING_SILENCE_MS = 200;

    /** Maximum length of a turn. A longer turn is divided, so that a loud room cannot fill the memory. */
    public static final int MAX_TURN_MS = 600_000;

    private static final int SAMPLES_PER_MS = Vad.RATE_HZ / 1000;
    private static final int FRAME = Vad.FRAME_SAMPLES;

    /** Value that represents the absence of a position. */
    private static final long NONE = -1;

    private final Vad vad;
    private final float[] frame = new float[FRAME];
    private final SoundBuffer audio;
    private TurnSettings settings;

    /** Number of samples in the incomplete frame. */
    private int filled;

    /** The last frames, with the newest in the lowest bit. A bit is 1 if the frame contains speech. */
    private int speechFrames;

    /** Earliest position of the next turn. Earlier audio already belongs to a turn or was cleared. */
    private long free;

    /** The start of the running turn, or {@link #NONE}. */
    private long turnStart = NONE;

    /** The first silent frame after the last speech frame in the running turn, or {@link #NONE}. */
    private long silenceStart = NONE;

    /** Creates a detector for a session, starting at its first sample. */
    public TurnDetector(Vad vad, TurnSettings settings) {
        this(vad, settings, 0);
    }

    /**
     * Creates a detector for a session that is already running.
     *
     * @param position the number of samples in the session so far, at {@link Vad#RATE_HZ}
     */
    public TurnDetector(Vad vad, TurnSettings settings, long position) {
        if (position < 0) throw new IllegalArgumentException("position: expected 0 or more samples, got " + position);
        this.vad = vad;
        this.settings = settings;
        audio = new SoundBuffer(Vad.RATE_HZ, position);
        free = position;
    }

    /** Changes the settings, starting with the next frame. A running turn continues. */
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
     * @param samples samples at {@link Vad#RATE_HZ} from -1 to 1; other values are clipped, and NaN becomes 0
     * @param onset the amount of speech that begins a turn
     * @return the events in these samples, in order
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
        long longest = (long) MAX_TURN_MS * SAMPLES_PER_MS;
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

    /** Returns whether a turn is running. */
    public boolean isSpeaking() {
        return turnStart != NONE;
    }

    /** Returns the number of samples in the session so far. */
    public long position() {
        return audio.end();
    }

    /** Returns the number of stored samples. */
    public int kept() {
        return audio.length();
    }

    /**
     * Returns the audio of the running turn so far, or empty audio if no turn is running. It can be processed in
     * advance, because the audio of the finished turn begins with it.
     */
    public Sound heard() {
        return isSpeaking() ? audio.sound(turnStart, audioEnd()) : audio.sound(position(), position());
    }

    /** Returns the position at which the running turn's audio would end if the turn ended now. */
    private long audioEnd() {
        if (silenceStart == NONE) return position();
        return Math.min(position(), silenceStart + TRAILING_SILENCE_MS * SAMPLES_PER_MS);
    }

    /** Returns the number of milliseconds of audio that {@link #commit} would return. */
    public long bufferedMs() {
        return ((isSpeaking() ? audioEnd() : position()) - commitStart()) / SAMPLES_PER_MS;
    }

    private long commitStart() {
        return isSpeaking() ? turnStart : firstKept();
    }

    /**
     * Ends the turn at the client's request. If no turn is running, returns the audio that would have become padding.
     * If speech continues, another turn begins.
     */
    public Turn commit() {
        if (!isSpeaking()) turnStart = firstKept();
        return end();
    }

    /**
     * Discards the audio that has not been returned, including a running turn. If speech continues, another turn
     * begins.
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
        /** One frame. While no reply is played, waiting for more frames would only add latency. */
        FIRST_FRAME(1),

        /** Four of six frames. While a reply is played, a short echo in the microphone must not interrupt it. */
        SUSTAINED(4);

        /** Number of recent frames that are considered. */
        static final int WINDOW = 6;

        private final int frames;

        Onset(int frames) {
            this.frames = frames;
        }

        /** Returns whether this number of speech frames among the last {@link #WINDOW} begins a turn. */
        boolean begins(int speechFrames) {
            return speechFrames >= frames;
        }
    }
}
