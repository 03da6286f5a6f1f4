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
import sparrow.study.report.StudyCounts;
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
     * @param counts counts over all policies
     * @param samples replies to the first questions, question by question
     * @param report the report as written
     */
    public record CompareOutcome(
            List<PolicyResult> rows,
            List<TimingResult> timing,
            StudyCounts counts,
            List<SampleReply> samples,
            Report report) {}

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
            run.mixedNumericsNote().ifPresent(note -> facts.put("arithmetic", note));
            facts.putAll(origin.facts());
            SequencedMap<String, String> reasons = inWords(unasked);
            List<PolicyResult> rows = new ArrayList<>();
            StudyCounts counts = results(setup, files, reasons, rows);
            facts.put("counts", counts.toString());
            List<TimingResult> times = TimingResult.of(setup, files, timed);
            CompareReport written = new CompareReport(setup, files);
            List<SampleReply> samples = written.samples(sampleItems);
            Report report = written.of(facts, rows, times, timed.size(), counts, samples);
            report.write(folder);
            return new CompareOutcome(rows, times, counts, samples, report);
        } catch (ClosedByInterruptException e) {
            throw new RunStoppedException();
        }
    }

    /** Adds the results of all policies to a list, and returns the counts. */
    private static StudyCounts results(
            CompareSetup setup, CompareFiles files, SequencedMap<String, String> unasked, List<PolicyResult> rows)
            throws IOException {
        int questions = setup.questions().size();
        int replies = 0;
        int scores = 0;
        int failed = 0;
        List<PairedDifference.Reply> fullDepth = files.results(setup.none(), setup.questions()).stream()
                .map(PairedDifference.Reply::of)
                .toList();
        for (PolicyCase row : setup.cases()) {
            List<CompareFiles.ItemResult> results = files.results(row, setup.questions());
            rows.add(PolicyResult.of(row, results, row.equals(setup.none()) ? List.of() : fullDepth, setup));
            replies += results.size();
            scores += results.stream().mapToInt(one -> one.scores().count()).sum();
            failed += results.stream()
                    .mapToInt(one -> one.scores().failures().size())
                    .sum();
        }
        return new StudyCounts(
                questions, unasked, replies, questions * setup.cases().size(), scores, failed);
    }

    private static SequencedMap<String, String> inWords(SequencedMap<StudyQuestion, String> unasked) {
        SequencedMap<String, String> words = new LinkedHashMap<>();
        unasked.forEach((question, reason) -> words.put(question.toString(), reason));
        return words;
    }
}
