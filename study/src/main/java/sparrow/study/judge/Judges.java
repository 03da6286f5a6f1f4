package sparrow.study.judge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.study.data.Task;
import sparrow.study.http.Endpoint;
import sparrow.study.http.OpenAiService;

/** Opens judges by their command-line notation. */
public final class Judges {
    /** The judge of the published scores. */
    public static final String DEFAULT_MODEL = "gpt-4o-mini";

    private static final Pattern OPENAI = Pattern.compile("openai(?::(?<model>[^@]+))?(?:@(?<url>.+))?");

    private Judges() {}

    /**
     * Opens a judge for a kind of question.
     *
     * <ul>
     *   <li>{@code exact}, {@code contains}: the reply equals, or contains, a reference answer, word by word
     *   <li>{@code verbatim}: the reply has the letters and digits of a reference answer
     *   <li>{@code openai[:MODEL][@URL]}: a language model, by default OpenAI's {@value #DEFAULT_MODEL}, with the key
     *       from the environment; it decides right or wrong by reference answers, or assigns a mark from 1 to 10 to
     *       replies to open questions
     * </ul>
     *
     * @throws IllegalArgumentException if the notation is invalid, the judge does not support such questions, or a key
     *     is missing
     */
    public static Judge open(String spec, Task task) {
        Matcher openAi = OPENAI.matcher(spec);
        if (openAi.matches()) return openAi(openAi.group("model"), openAi.group("url"), task);
        MatchJudge.Rule rule = switch (spec) {
            case "exact" -> MatchJudge.Rule.EXACT;
            case "contains" -> MatchJudge.Rule.CONTAINS;
            case "verbatim" -> MatchJudge.Rule.VERBATIM;
            default ->
                throw new IllegalArgumentException(
                        "judge: expected exact, contains, verbatim or openai[:MODEL][@URL], got " + spec);
        };
        if (task == Task.OPEN_ENDED) {
            throw new IllegalArgumentException("judge: expected openai[:MODEL][@URL] for open questions, got " + spec);
        }
        return new MatchJudge(rule);
    }

    private static Judge openAi(String model, String url, Task task) {
        Endpoint endpoint = url == null ? Endpoint.at(Endpoint.OPENAI) : Endpoint.at(url);
        Rubric rubric = switch (task) {
            case REFERENCE_ANSWERS -> new AccuracyRubric();
            case OPEN_ENDED -> new TenPointRubric();
        };
        return new ChatJudge(OpenAiService.open(endpoint), model == null ? DEFAULT_MODEL : model, rubric);
    }
}
