package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.BadFileException;
import sparrow.models.family.AddedTokens;

/**
 * The ids with a role in a Step-Audio-2 vocabulary, by the names that its tokenizer has for them.
 *
 * @param space the meaning of all ids
 * @param turnStart opens a turn
 * @param turnEnd closes a turn, and ends a reply
 * @param speechStart asks for a spoken reply
 * @param audioStart stands in front of a sound
 * @param audioPatch stands in a token list for a vector of a sound
 * @param audioEnd stands behind a sound
 */
record StepAudioTokens(
        TokenSpace space, int turnStart, int turnEnd, int speechStart, int audioStart, int audioPatch, int audioEnd) {
    /** Groups of one text token and four speech tokens ("ta4" in StepFun's serving code). */
    static final InterleaveFormat INTERLEAVE = new InterleaveFormat(1, 4);

    private static final String TURN_END = "<|EOT|>";

    /** The chat model's end of turn, and the ends that its configuration class lists beside it. */
    private static final List<String> ENDS = List.of(TURN_END, "<|endoftext|>", "<|im_end|>");

    /**
     * Looks the ids up.
     *
     * @param vocabulary rows of the embedding
     * @param source the checkpoint folder
     * @throws BadFileException if a token is missing, the vocabulary has no row for one, or {@code flow.yaml} is broken
     * @throws IOException if {@code flow.yaml} cannot be read
     */
    static StepAudioTokens of(Tokenizer tokenizer, int vocabulary, Path source) throws IOException {
        AddedTokens added = new AddedTokens(tokenizer, vocabulary, source);
        int offset = added.id(audioToken(0));
        int count = added.count(StepAudioTokens::audioToken);
        int speechStart = added.id("<tts_start>");
        SpeechMarks marks = new SpeechMarks(speechStart, added.id("<tts_end>"), added.id("<tts_pad>"));
        SpeechTokens speech = new SpeechTokens(offset, codes(count, source), count, Optional.of(marks));
        Set<Integer> ends = ENDS.stream().map(added::id).collect(Collectors.toSet());
        int audioStart = added.id("<audio_start>");
        TokenSpace space;
        try {
            space = new TokenSpace(audioStart, speech, offset + count, ends);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(source, "added tokens", e.getMessage());
        }
        return new StepAudioTokens(
                space,
                added.id("<|BOT|>"),
                added.id(TURN_END),
                speechStart,
                audioStart,
                added.id("<audio_patch>"),
                added.id("<audio_end>"));
    }

    private static String audioToken(int number) {
        return "<audio_" + number + ">";
    }

    /**
     * Codes among the audio tokens, 6561 of 6656 in the published model; the rest are padding. The speech decoder knows
     * their number. Without a speech decoder it is the largest power of three: the speech tokenizer
     * quantises to three steps in each dimension.
     */
    private static int codes(int count, Path source) throws IOException {
        Path flow = source.resolve(StepAudioFolder.TOKEN2WAV).resolve(StepAudioFolder.FLOW);
        if (Files.isRegularFile(flow)) return Math.min(count, Token2WavConfigs.codes(flow));
        int codes = 1;
        while (codes <= count / 3) codes *= 3;
        return codes;
    }
}
