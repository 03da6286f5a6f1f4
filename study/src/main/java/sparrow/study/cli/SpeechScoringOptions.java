package sparrow.study.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import sparrow.study.data.Datasets;
import sparrow.study.data.Task;
import sparrow.study.run.QuestionSet;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringPlan;

/** A picocli mixin for the recogniser and the opinion scorer of a study. */
final class SpeechScoringOptions {
    private static final Path NOWHERE = Path.of("");

    @Option(
            names = "--asr",
            paramLabel = "RECOGNISER",
            description = "Recogniser: sphinx[:FILE], whisper:FILE, openai:MODEL[@URL] or none. Default: sphinx "
                    + "with the set's answers.txt.")
    private String asr;

    @Option(
            names = "--mos",
            paramLabel = "SCORER",
            defaultValue = ScoringPlan.NONE,
            description = "Opinion scorer: dnsmos:FILE, onnx:FILE, command:PROGRAM, a URL or none. Default: "
                    + "${DEFAULT-VALUE}.")
    private String mos;

    @Option(
            names = "--set scoring-threads",
            paramLabel = "N",
            description = "Number of replies to score concurrently, with --on by each worker. Default: one per "
                    + "processor or worker core.")
    private Integer threads;

    /**
     * Opens the scorers of speech on this machine, without a judge.
     *
     * @param data question sets in the notation of {@code --data}
     */
    Scorers open(List<String> data) throws IOException {
        return open(ScoringPlan.NONE, 0, List.of(), data, false);
    }

    /**
     * Opens the scorers for replies to questions.
     *
     * @param judge notation of the judge that rates the replies
     * @param transcribedItems number of replies to transcribe in each set, or 0 for all
     * @param data question sets in the notation of {@code --data}
     * @param elsewhere whether workers on other machines score speech, so that only the judge is opened here
     */
    Scorers open(String judge, int transcribedItems, List<QuestionSet> sets, List<String> data, boolean elsewhere)
            throws IOException {
        String recogniser = asr == null ? byDefault(data, elsewhere) : asr;
        ScoringPlan plan = new ScoringPlan(recogniser, transcribedItems, mos, judge);
        List<Task> tasks = sets.stream().map(QuestionSet::task).toList();
        if (elsewhere) {
            return Scorers.withWorkers(plan, tasks, threads == null ? OptionalInt.empty() : OptionalInt.of(threads));
        }
        return Scorers.open(plan, tasks, threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    }

    /**
     * Returns the default recogniser in its notation: Sphinx for the answers in a single question folder, or Sphinx for
     * general English, for example because workers on other machines do not have the file of answers.
     */
    private static String byDefault(List<String> data, boolean elsewhere) {
        List<Path> answers = data.stream()
                .map(set -> Datasets.folder(set).map(folder -> folder.resolve("answers.txt")))
                .map(file -> file.filter(Files::isRegularFile).orElse(NOWHERE))
                .distinct()
                .toList();
        boolean one = answers.size() == 1 && !answers.contains(NOWHERE);
        return one && !elsewhere ? "sphinx:" + answers.getFirst() : "sphinx";
    }
}
