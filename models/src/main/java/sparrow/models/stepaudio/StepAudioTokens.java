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
import sparrow.formats.BadFileException;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.AddedTokens;

/**
 * The special token ids of a Step-Audio-2 vocabulary.
 *
 * @param space the meaning of all ids
 * @param turnStart the id that begins a turn
 * @param turnEnd the id that ends a turn and therefore a reply
 * @param speechStart the id that starts a spoken reply
 * @param audioStart the id that precedes encoded audio
 * @param audioPatch the placeholder for a vector of encoded audio
 * @param audioEnd the id that follows encoded audio
 */
public record StepAudioTokens(
        TokenSpace space, int turnStart, int turnEnd, int speechStart, int audioStart, int audioPatch, int audioEnd) {
    /** One text token and four speech tokens ("ta4" in StepFun's serving code). */
    public static final InterleaveFormat INTERLEAVE = new InterleaveFormat(1, 4);

    private static final String TURN_END = "<|EOT|>";

    /** The chat model's end of turn, and the other end tokens in its configuration class. */
    private static final List<String> ENDS = List.of(TURN_END, "<|endoftext|>", "<|im_end|>");

    /**
     * Looks up the ids by the names of the tokens.
     *
     * @param vocabulary the number of rows in the embedding
     * @param source the checkpoint folder
     * @throws BadFileException if a token is missing, the embedding has no row for it, or {@code flow.yaml} is damaged
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
     * Returns the number of codes, which is read from the speech decoder's configuration. In the published model, 6561
     * of the 6656 audio tokens are codes; the remaining tokens are padding. Without a speech decoder, the result is the
     * largest power of three up to the number of audio tokens, because the speech tokenizer quantises each dimension to
     * three values.
     */
    private static int codes(int count, Path source) throws IOException {
        Path flow = source.resolve(StepAudioFolder.TOKEN2WAV).resolve(StepAudioFolder.FLOW);
        if (Files.isRegularFile(flow)) return Math.min(count, Token2WavConfigs.codes(flow));
        int codes = 1;
        while (codes <= count / 3) codes *= 3;
        return codes;
    }
}
