package sparrow.study.cli;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import sparrow.study.data.Task;
import sparrow.study.run.QuestionSet;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;

/** The recogniser, the opinion scorer and the judge of a study's replies. */
final class ScoringOptions {
    @Option(
            names = "--asr",
            paramLabel = "RECOGNISER",
            defaultValue = "sphinx",
            description =
                    "The recogniser that transcribes the replies: sphinx (general English), sphinx:SENTENCES.txt (for their words),"
                            + " whisper:GGML.bin, openai:MODEL[@URL], or none. Default: ${DEFAULT-VALUE}.")
    private String asr;

    @Option(
            names = "--asr-items",
            paramLabel = "N",
            description = "Transcribe only the replies to the first N questions of every set.")
    private int asrItems;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description = "The scorer that predicts opinions: dnsmos:FILE, onnx:FILE (such as an exported UTMOSv2),"
                    + " command:PROGRAM with {wav}, http://..., or none. Default: ${DEFAULT-VALUE}.")
    private String mos;

    @Option(
            names = "--judge",
            paramLabel = "JUDGE",
            defaultValue = "exact",
            description =
                    "The judge of replies: exact, contains (a reference answer, word by word), verbatim (to the letter),"
                            + " openai[:MODEL][@URL], or none."
                            + " Default: ${DEFAULT-VALUE}.")
    private String judge;

    @Option(
            names = "--scoring-threads",
            paramLabel = "N",
            description =
                    "Replies that are scored at the same time, with --on by each worker. Default: one per processor,"
                            + " of a worker one per core.")
    private Integer scoringThreads;

    /**
     * Opens the scorers of replies to these questions.
     *
     * @param elsewhere workers on other machines score speech, and only the judge is opened here
     */
    Scorers open(List<QuestionSet> sets, boolean elsewhere) throws IOException {
        if (elsewhere) {
            return Scorers.withWorkers(
                    plan(), tasks(sets), scoringThreads == null ? OptionalInt.empty() : OptionalInt.of(scoringThreads));
        }
        int threads = scoringThreads == null ? Runtime.getRuntime().availableProcessors() : scoringThreads;
        return Scorers.open(plan(), tasks(sets), threads);
    }

    private ScoringPlan plan() {
        return new ScoringPlan(asr, asrItems, mos, judge);
    }

    private static List<Task> tasks(List<QuestionSet> sets) {
        return sets.stream().map(QuestionSet::task).toList();
    }
}
