package sparrow.models.family;

import java.util.List;
import java.util.Optional;
import sparrow.speech.wave.Waveform;

/**
 * Converts audio to prompts. It consists of a speech encoder and a builder that creates prompts from the encoder's
 * output. Thread-safe.
 */
public sealed interface SpeechInput {
    /** Returns the number of context positions per second of audio. */
    double positionsPerSecond();

    /**
     * Returns the input features of the encoder's networks for a waveform, [bins] per frame, for comparison with
     * another implementation.
     */
    default List<float[]> features(Waveform waveform) {
        return switch (this) {
            case Tokens tokens -> tokens.encoder().features(waveform);
            case Embeddings embeddings -> embeddings.encoder().features(waveform);
        };
    }

    /**
     * Checks that audio can contain speech, and returns it.
     *
     * @throws IllegalArgumentException if a sample is not finite or far out of range, or if the audio is silent
     */
    static Waveform requireSpeech(Waveform sound) {
        // The maximum is twice the largest 16-bit integer, because callers may pass unscaled samples, which can be
        // encoded as well.
        int maxPeak = 1 << 16;
        float peak = sound.peak();
        // The peak is NaN if any sample is NaN.
        if (!(peak <= maxPeak)) {
            throw new IllegalArgumentException(
                    "question: expected samples whose full scale is -1 to 1, found a peak of " + peak);
        }
        if (sound.isSilent()) {
            throw new IllegalArgumentException("question: " + silence(sound));
        }
        return sound;
    }

    /** Returns the message for silent audio, including its peak in dB relative to full scale, at least -100. */
    static String silence(Waveform sound) {
        long decibels = Math.round(20 * Math.log10(Math.max(sound.peak(), 1e-5)));
        return "expected speech, found silence (peak " + decibels + " dB)";
    }

    /**
     * Checks that audio can fit into the context before minutes are spent on encoding it.
     *
     * @param contextLength the number of positions in the context
     * @throws IllegalArgumentException if the audio requires more positions
     */
    default void requireRoom(Waveform waveform, int contextLength) {
        double maxSeconds = contextLength / positionsPerSecond();
        if (waveform.seconds() > maxSeconds) {
            throw new IllegalArgumentException("question: " + Math.round(waveform.seconds())
                    + " s of audio do not fit into the context, expected at most " + Math.round(maxSeconds) + " s");
        }
    }

    /**
     * Converts audio to speech codes, which are ordinary tokens in the prompt.
     *
     * @param encoder the encoder of audio as codes, each 0 or more
     * @param builder the builder of prompts from codes, which omits codes that have no token
     * @param positionsPerSecond the number of context positions per second of audio
     */
    record Tokens(TokenEncoder encoder, PromptBuilder<int[]> builder, double positionsPerSecond)
            implements SpeechInput {
        /**
         * Returns a waveform's codes.
         *
         * @throws IllegalArgumentException if the waveform is silent or a sample is invalid
         */
        public int[] encode(Waveform waveform) {
            return encoder.encode(SpeechInput.requireSpeech(waveform));
        }

        /**
         * Returns the leading codes of unfinished audio, without codes that later audio is likely to change. The result
         * is empty if the audio has been silent so far.
         *
         * @throws IllegalArgumentException if a sample is invalid
         */
        public int[] encodeStablePrefix(Waveform soFar) {
            return soFar.isSilent() ? new int[0] : encoder.encodeStablePrefix(SpeechInput.requireSpeech(soFar));
        }
    }

    /**
     * Converts audio to embeddings, which replace token embeddings in the prompt.
     *
     * @param encoder the encoder of audio as pieces, each [positions, width]; a piece may be empty
     * @param builder the builder of prompts from pieces
     * @param mixed the builder of prompts from text and pieces, or empty if a turn cannot contain both
     * @param positionsPerSecond the number of context positions per second of audio
     */
    record Embeddings(
            Encoder<List<float[]>> encoder,
            PromptBuilder<List<float[]>> builder,
            Optional<PromptBuilder<List<Part>>> mixed,
            double positionsPerSecond)
            implements SpeechInput {
        /** A part of a turn's content: text or encoded audio. */
        public sealed interface Part {}

        /** A text part. */
        public record Text(String text) implements Part {}

        /**
         * A piece of encoded audio.
         *
         * @param vectors the encoded audio, [positions, width]
         */
        public record Piece(float[] vectors) implements Part {}

        /**
         * Returns the embeddings of each piece of a waveform.
         *
         * @throws IllegalArgumentException if the waveform is silent or a sample is invalid
         */
        public List<float[]> encode(Waveform waveform) {
            return encoder.encode(SpeechInput.requireSpeech(waveform));
        }

        /**
         * Returns the leading embeddings of an unfinished recording, without embeddings that later audio would change.
         * The result is empty if the recording has been silent so far, or if the encoder encodes only complete
         * recordings.
         *
         * @throws IllegalArgumentException if a sample is invalid
         */
        public float[] encodeStablePrefix(Waveform soFar) {
            return encoder instanceof CausalEncoder causal && !soFar.isSilent()
                    ? causal.encodeStablePrefix(SpeechInput.requireSpeech(soFar))
                    : new float[0];
        }
    }

    /** A speech encoder with output of type {@code T}, which is loaded when it is first used. */
    interface Encoder<T> {
        /** Encodes a waveform of any sample rate. */
        T encode(Waveform waveform);

        /** Returns the networks' input features for a waveform of any sample rate, [bins] per frame. */
        List<float[]> features(Waveform waveform);
    }

    /** A speech encoder whose embeddings depend only on earlier audio. */
    interface CausalEncoder extends Encoder<List<float[]>> {
        /** Returns the leading embeddings of unfinished audio, without embeddings that later audio would change. */
        float[] encodeStablePrefix(Waveform soFar);
    }

    /** A speech encoder that outputs codes. */
    interface TokenEncoder extends Encoder<int[]> {
        /** Returns the leading codes of unfinished audio, without codes that later audio would change. */
        int[] encodeStablePrefix(Waveform soFar);
    }
}
