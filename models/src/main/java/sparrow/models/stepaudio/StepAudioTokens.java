package sparrow.models.stepaudio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.text.Tokenizer;
import sparrow.engine.weights.BadFileException;

/** The meaning of the ids of a Step-Audio-2 vocabulary, by the names that its tokenizer has for them. */
final class StepAudioTokens {
    /** Groups of one text token and four speech tokens ("ta4" in StepFun's serving code). */
    static final InterleaveFormat INTERLEAVE = new InterleaveFormat(1, 4);

    /** The chat model's end of turn, and the ends that its configuration class lists beside it. */
    private static final List<String> ENDS = List.of("<|EOT|>", "<|endoftext|>", "<|im_end|>");

    private StepAudioTokens() {}

    /**
     * Looks the ids up.
     *
     * @param vocabulary rows of the embedding
     * @param source the checkpoint folder
     * @throws BadFileException if a token is missing, the vocabulary has no row for one, or {@code flow.yaml} is broken
     * @throws IOException if {@code flow.yaml} cannot be read
     */
    static TokenSpace of(Tokenizer tokenizer, int vocabulary, Path source) throws IOException {
        int offset = ChatTemplate.id(tokenizer, audioToken(0), source);
        int count = 1;
        while (tokenizer.id(audioToken(count)).orElse(-1) == offset + count) count++;
        if (offset + count > vocabulary) {
            throw new BadFileException(
                    source,
                    "added token " + audioToken(count - 1),
                    "has id " + (offset + count - 1) + ", but the model has " + vocabulary + " ids");
        }
        SpeechMarks marks = new SpeechMarks(
                ChatTemplate.id(tokenizer, "<tts_start>", source),
                ChatTemplate.id(tokenizer, "<tts_end>", source),
                ChatTemplate.id(tokenizer, "<tts_pad>", source));
        SpeechTokens speech = new SpeechTokens(offset, codes(count, source), count, Optional.of(marks));
        Set<Integer> ends = new HashSet<>();
        for (String end : ENDS) ends.add(ChatTemplate.id(tokenizer, end, source));
        try {
            return new TokenSpace(ChatTemplate.id(tokenizer, "<audio_start>", source), speech, offset + count, ends);
        } catch (IllegalArgumentException e) {
            throw new BadFileException(source, "added tokens", e.getMessage());
        }
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
