package sparrow.server.vad;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.vad.TurnEvent.SpeechStarted;
import sparrow.server.vad.TurnEvent.SpeechStopped;

/**
 * Cuts what a microphone hears into turns. A turn begins at the first frame of speech and ends when {@link
 * TurnSettings#silenceDurationMs} have passed since a silent frame without speech in between (Silero's own state machine).
 * Samples come in any cutting, and one append may hold several turns; the events are the same.
 *
 * <p>It keeps the audio of the running turn, and in silence only the sound that may still become padding. Each sample
 * belongs to one turn at most.
 */
public final class TurnDetector {
    /** Silence at the end of a turn that still belongs to its audio: more silence is of no use to a model and costs it tokens. */
    public static final int TRAILING_SILENCE_MS = 200;

    /** A turn that goes on for so long ends there, and another one begins: a loud room must not fill the memory. */
    public static final int LONGEST_TURN_MS = 600_000;

    private static final int SAMPLES_PER_MS = Vad.RATE_HZ / 1000;
    private static final int FRAME = Vad.FRAME_SAMPLES;

    /** In place of a position: there is none. */
    private static final long NONE = -1;

    private final Vad vad;
    private final float[] frame = new float[FRAME];
    private final SoundBuffer audio;
    private TurnSettings settings;

    /** Samples of the frame that is not whole yet. */
    private int filled;

    /** The last frames, the newest in the lowest bit: 1 where one is speech. */
    private int speechFrames;

    /** Nothing before it can become part of a turn: it belongs to one already, or was cleared. */
    private long free;

    /** The beginning of the running turn, or {@link #NONE}. */
    private long turnStart = NONE;

    /** First silent frame behind the last one of speech in the running turn, or {@link #NONE}. */
    private long silenceStart = NONE;

    /** A detector for a session from its first sample on. */
    public TurnDetector(Vad vad, TurnSettings settings) {
        this(vad, settings, 0);
    }

    /**
     * A detector that joins a session.
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

    /** Other settings from the next frame on; a running turn goes on. */
    public void change(TurnSettings newSettings) {
        settings = Objects.requireNonNull(newSettings);
    }

    /** Hears samples while nothing is played. */
    public List<TurnEvent> append(float[] samples) {
        return append(samples, Onset.FIRST_FRAME);
    }

    /**
     * Hears the next samples.
     *
     * @param samples at {@link Vad#RATE_HZ}, full scale is -1 to 1; what is beyond counts as full scale and NaN as 0
     * @param onset how much speech begins a turn now
     * @return what was noticed, in its order
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

    /** The frame that ends with the newest sample. */
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

    /** The beginning of the oldest frame of speech that helped to begin the turn. */
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

    /** True while a turn is running. */
    public boolean isSpeaking() {
        return turnStart != NONE;
    }

    /** Samples heard in the session. */
    public long position() {
        return audio.end();
    }

    /** Samples that are kept. */
    public int kept() {
        return audio.length();
    }

    /**
     * The audio of the running turn so far, to be worked on while it goes on: whatever comes, the turn's audio begins with it. Empty if
     * there is no turn.
     */
    public Sound heard() {
        return isSpeaking() ? audio.sound(turnStart, audioEnd()) : audio.sound(position(), position());
    }

    /** The end of the running turn's audio if it ends now. */
    private long audioEnd() {
        if (silenceStart == NONE) return position();
        return Math.min(position(), silenceStart + TRAILING_SILENCE_MS * SAMPLES_PER_MS);
    }

    /** Milliseconds of audio that {@link #commit} would hand over. */
    public long bufferedMs() {
        return ((isSpeaking() ? audioEnd() : position()) - commitStart()) / SAMPLES_PER_MS;
    }

    private long commitStart() {
        return isSpeaking() ? turnStart : firstKept();
    }

    /**
     * Ends the turn here, because the client says so. If none is running, it is what would have been the padding of one.
     * Speech that goes on begins another turn.
     */
    public Turn commit() {
        if (!isSpeaking()) turnStart = firstKept();
        return end();
    }

    /** Forgets the audio that was not handed over, a running turn as well; speech that goes on begins another turn. */
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
        /** A single frame. While no reply is heard, waiting would only cost time. */
        FIRST_FRAME(1),

        /**
         * Four of six frames. While an answer is being played, a short echo of it in the microphone must not interrupt it.
         */
        SUSTAINED(4);

        /** Frames that are looked at. */
        static final int WINDOW = 6;

        private final int frames;

        Onset(int frames) {
            this.frames = frames;
        }

        /** True if so many frames of speech among the last {@link #WINDOW} begin a turn. */
        boolean begins(int speechFrames) {
            return speechFrames >= frames;
        }
    }

    /**
     * The sound of one turn.
     *
     * @param startMs where its audio begins, its padding included, in all audio of the session
     * @param endMs where it was found to have ended, the silence that showed it included
     * @param audio from the start on, at {@link Vad#RATE_HZ}; of the silence at the end only its beginning, so that it may end
     *     before {@code endMs}
     */
    public record Turn(long startMs, long endMs, Sound audio) {}
}
