package sparrow.study.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.study.run.QuestionSet;
import sparrow.study.scoring.Scorers;

/** The recogniser, the opinion scorer and the judge of a study's replies; a picocli mixin. */
final class ScoringOptions {
    @Mixin
    private SpeechScoringOptions speechScoringOptions;

    @Option(
            names = "--set asr-items",
            paramLabel = "N",
            description = "Transcribe the replies to the first N questions of every set. Default: all.")
    private Integer asrItems;

    @Option(
            names = "--judge",
            paramLabel = "JUDGE",
            defaultValue = "exact",
            description = "exact, contains, verbatim, openai[:MODEL][@URL] or none. Default: ${DEFAULT-VALUE}.")
    private String judge;

    /**
     * Opens the scorers of replies to these questions.
     *
     * @param data their sets, in the notation of {@code --data}
     * @param elsewhere workers on other machines score speech, and only the judge is opened here
     */
    Scorers open(List<QuestionSet> sets, List<String> data, boolean elsewhere) throws IOException {
        return open(sets, data, elsewhere, 0);
    }

    /**
     * Opens the scorers of replies to these questions, of which a part may be transcribed.
     *
     * @param transcribedItems of every set where the option is not given; 0 for all
     */
    Scorers open(List<QuestionSet> sets, List<String> data, boolean elsewhere, int transcribedItems)
            throws IOException {
        return speechScoringOptions.open(judge, asrItems == null ? transcribedItems : asrItems, sets, data, elsewhere);
    }
}
