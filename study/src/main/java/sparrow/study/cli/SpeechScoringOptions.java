package sparrow.study.cli;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import sparrow.study.data.Task;
import sparrow.study.run.QuestionSet;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;

/** The recogniser and the opinion scorer of a study's speech; a picocli mixin. */
final class SpeechScoringOptions {
    @Option(
            names = "--asr",
            paramLabel = "RECOGNISER",
            defaultValue = "sphinx",
            description = "sphinx[:FILE], whisper:FILE, openai:MODEL[@URL] or none. Default: ${DEFAULT-VALUE}.")
    private String asr;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description = "dnsmos:FILE, onnx:FILE, command:PROGRAM, a URL or none. Default: ${DEFAULT-VALUE}.")
    private String mos;

    @Option(
            names = "--set scoring-threads",
            paramLabel = "N",
            description = "Replies that are scored at once, with --on by each worker. Default: one per processor, or"
                    + " per core of a worker.")
    private Integer threads;

    /** Opens the scorers of speech on this machine, and no judge. */
    Scorers open() throws IOException {
        return open(ScoringPlan.NONE, 0, List.of(), false);
    }

    /**
     * Opens the scorers of replies to these questions.
     *
     * @param judge of the replies
     * @param transcribedItems of every set; 0 for all
     * @param elsewhere workers on other machines score speech, and only the judge is opened here
     */
    Scorers open(String judge, int transcribedItems, List<QuestionSet> sets, boolean elsewhere) throws IOException {
        ScoringPlan plan = new ScoringPlan(asr, transcribedItems, mos, judge);
        List<Task> tasks = sets.stream().map(QuestionSet::task).toList();
        if (elsewhere) {
            return Scorers.withWorkers(plan, tasks, threads == null ? OptionalInt.empty() : OptionalInt.of(threads));
        }
        return Scorers.open(plan, tasks, threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    }
}
