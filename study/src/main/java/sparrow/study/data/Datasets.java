package sparrow.study.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Opens data sets by their command-line notation, {@code FORMAT:PATH}. */
public final class Datasets {
    private static final String FORMATS =
            "alpaca:FILE, llama:FILE, triviaqa:FILE, webquestions:FILE, voiceassistant:FILE or DIR, openaudiobench:DIR, folder:DIR, conversations:FILE";

    private static final Pattern NOTATION = Pattern.compile(
            "(alpaca|llama|triviaqa|webquestions|voiceassistant|openaudiobench|folder|conversations):.+");

    private Datasets() {}

    /** Returns whether text specifies a data set in the notation of {@link #open}, and not a path. */
    public static boolean isNamedBy(String text) {
        return NOTATION.matcher(text).matches();
    }

    /**
     * Returns the folder of a set that contains recorded questions or conversations about recorded questions, or empty
     * for other sets.
     */
    public static Optional<Path> folder(String spec) {
        if (spec.startsWith("folder:")) return Optional.of(Path.of(spec.substring("folder:".length())));
        if (!spec.startsWith("conversations:")) return Optional.empty();
        Path file = Path.of(spec.substring("conversations:".length()));
        return Optional.of(file.resolveSibling("")); // For a file name without a folder, this is the empty path.
    }

    /**
     * Opens a data set; its records are read later.
     *
     * <ul>
     *   <li>{@code alpaca:FILE} AlpacaEval's JSON
     *   <li>{@code llama:FILE} Llama Questions' TSV, with or without its WAV files in the same folder
     *   <li>{@code triviaqa:FILE} TriviaQA's JSON, or JSON lines with {@code golden_answers}
     *   <li>{@code webquestions:FILE} WebQuestions' JSON, in SEMPRE's or brmson's format
     *   <li>{@code voiceassistant:FILE} or {@code DIR} VoiceAssistant-400K's Parquet, one shard or a folder of shards
     *   <li>{@code openaudiobench:DIR} one of OpenAudioBench's folders, such as eval_datas/trivia_qa
     *   <li>{@code folder:DIR} a folder with questions.jsonl and recordings, WAV or Opus in Ogg
     *   <li>{@code conversations:FILE} a file in such a folder with conversations that contain its questions
     * </ul>
     *
     * @throws IllegalArgumentException if the format is not supported, or the file is missing
     */
    public static Dataset open(String spec) {
        int colon = spec.indexOf(':');
        if (colon < 0 || colon == spec.length() - 1) throw unknown(spec);
        Path path = Path.of(spec.substring(colon + 1));
        return switch (spec.substring(0, colon)) {
            case "alpaca" -> AlpacaEval.open(path);
            case "llama" -> LlamaQuestions.open(path);
            case "triviaqa" -> TriviaQa.open(path);
            case "webquestions" -> WebQuestions.open(path);
            case "voiceassistant" -> VoiceAssistant.open(path);
            case "openaudiobench" -> OpenAudioBench.open(path);
            case "folder" -> WaveFolder.open(path);
            case "conversations" -> Conversations.open(path);
            default -> throw unknown(spec);
        };
    }

    private static IllegalArgumentException unknown(String spec) {
        return new IllegalArgumentException("data set: expected one of " + FORMATS + "; got " + spec);
    }
}
