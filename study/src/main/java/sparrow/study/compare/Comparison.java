package sparrow.study.compare;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import sparrow.study.folder.RunFolder;
import sparrow.study.report.Origin;
import sparrow.study.report.Report;
import sparrow.study.run.Experiment;
import sparrow.study.run.LocalPool;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.WorkerPool;
import sparrow.study.scoring.AudioScoring;
import sparrow.study.scoring.Scorers;

/** Compares exit policies: answers questions, measures times, scores and summarises replies, and writes the report. */
public final class Comparison {
    /**
     * The results of a comparison.
     *
     * @param rows one result per policy
     * @param timing one result per policy, or empty if no question was timed
     * @param unasked questions that could not be asked, with the reasons
     * @param report the report as written
     */
    public record CompareOutcome(
            List<PolicyResult> rows, List<TimingResult> timing, SequencedMap<String, String> unasked, Report report) {}

    private Comparison() {}

    /**
     * Starts a comparison, or resumes the comparison in the folder. Except for times, results depend only on the
     * settings, and not on the number of threads or interruptions.
     *
     * @param workers workers that answer questions, and that score speech unless speech scorers are open in this
     *     process
     * @param origin origin for the report
     * @param sampleItems number of questions whose replies can be played in the report
     * @throws IllegalArgumentException if the folder contains a run with other settings, the model does not support a
     *     policy, or workers cannot open the speech scorers; the message is one line
     * @throws sparrow.study.run.RunStoppedException if the thread is interrupted; the same call resumes the run
     * @throws IOException if a file cannot be read or written
     */
    public static CompareOutcome run(
            Path folder,
            CompareSetup setup,
            WorkerPool workers,
            Scorers scorers,
            Origin origin,
            int sampleItems,
            RunProgress progress)
            throws IOException {
        WorkerPool audioPool = scorers.audio().isPresent() ? new LocalPool(setup.model()) : workers;
        AudioScoring.tryOut(scorers, audioPool);
        CompareSetup.Settings settings = setup.settings(scorers.plan());
        try (RunFolder run = RunFolder.open(folder, settings, setup.study().mixedNumerics())) {
            CompareFiles files = new CompareFiles(run, scorers.plan());
            SequencedMap<StudyQuestion, String> unasked = new Experiment<>(
                            new SpokenReplyJob(setup.cases(), setup.study().decoding()),
                            StudyQuestion.asking(setup.study().textToSpeech()),
                            setup.questions(),
                            setup.study().batch(),
                            files,
                            progress)
                    .run(workers, "asking");
            TimingPass timing = new TimingPass(setup, files, progress);
            List<StudyQuestion> timed = timing.questions(unasked.keySet());
            timing.run(timed);
            new AudioScoring(scorers, files.audioScores(), progress)
                    .run(files.clips(setup.cases(), setup.questions()), audioPool);
            new Judging(setup, scorers, files, progress).run();

            if (Thread.interrupted()) throw new RunStoppedException();
            SequencedMap<String, String> facts = settings.study().facts();
            facts.putAll(settings.scoring().facts());
            run.mixture().ifPresent(mixture -> facts.put("arithmetic", mixture));
            facts.putAll(origin.facts());
            List<PolicyResult> rows = rows(setup, files);
            List<TimingResult> times = TimingResult.of(setup, files, timed);
            SequencedMap<String, String> reasons = inWords(unasked);
            Report report = new CompareReport(setup, files).of(facts, rows, times, timed.size(), reasons, sampleItems);
            report.write(folder);
            return new CompareOutcome(rows, times, reasons, report);
        } catch (ClosedByInterruptException e) {
            throw new RunStoppedException();
        }
    }

    private static List<PolicyResult> rows(CompareSetup setup, CompareFiles files) throws IOException {
        List<PairedDifference.Reply> fullDepth = files.results(setup.none(), setup.questions()).stream()
                .map(PairedDifference.Reply::of)
                .toList();
        List<PolicyResult> rows = new ArrayList<>();
        for (PolicyCase row : setup.cases()) {
            List<PairedDifference.Reply> compared = row.equals(setup.none()) ? List.of() : fullDepth;
            rows.add(PolicyResult.of(row, files.results(row, setup.questions()), compared, setup));
        }
        return rows;
    }

    private static SequencedMap<String, String> inWords(SequencedMap<StudyQuestion, String> unasked) {
        SequencedMap<String, String> words = new LinkedHashMap<>();
        unasked.forEach((question, reason) -> words.put(question.toString(), reason));
        return words;
    }
}
