package sparrow.study.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.study.run.QuestionSet;
import sparrow.study.scoring.Scorers;

/** A picocli mixin for the recogniser, the opinion scorer and the judge of a study. */
final class ScoringOptions {
    @Mixin
    private SpeechScoringOptions speechScoringOptions;

    @Option(
            names = "--set asr-items",
            paramLabel = "N",
            description = "Transcribe the replies to the first N questions of each set. Default: all.")
    private Integer asrItems;

    @Option(
            names = "--judge",
            paramLabel = "JUDGE",
            defaultValue = "exact",
            description =
                    "Judge: exact, contains, verbatim, openai[:MODEL][@URL] or none. Default: " + "${DEFAULT-VALUE}.")
    private String judge;

    /**
     * Opens the scorers for replies to questions.
     *
     * @param data question sets in the notation of {@code --data}
     * @param elsewhere whether workers on other machines score speech, so that only the judge is opened here
     */
    Scorers open(List<QuestionSet> sets, List<String> data, boolean elsewhere) throws IOException {
        return open(sets, data, elsewhere, 0);
    }

    /**
     * Opens the scorers for replies to questions.
     *
     * @param transcribedItems default number of replies to transcribe in each set, or 0 for all
     */
    Scorers open(List<QuestionSet> sets, List<String> data, boolean elsewhere, int transcribedItems)
            throws IOException {
        return speechScoringOptions.open(judge, asrItems == null ? transcribedItems : asrItems, sets, data, elsewhere);
    }
}
