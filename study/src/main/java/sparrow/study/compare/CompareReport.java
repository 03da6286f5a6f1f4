package sparrow.study.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import sparrow.app.report.Table;
import sparrow.speech.wave.WavFile;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.report.Report;
import sparrow.study.report.SampleSound;
import sparrow.study.report.StudyCounts;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.StudyQuestion;

/**
 * The report of a comparison. With equal settings, {@code results.csv} and {@code items.csv} are identical, but
 * {@code timing.csv} is not.
 */
record CompareReport(CompareSetup setup, CompareFiles files) {
    /**
     * Creates the report of a comparison.
     *
     * @param facts settings and origin, by name
     * @param timedQuestions number of questions that were timed with each policy
     * @param samples replies that can be played in the page
     */
    Report of(
            SequencedMap<String, String> facts,
            List<PolicyResult> rows,
            List<TimingResult> timing,
            int timedQuestions,
            StudyCounts counts,
            List<SampleReply> samples)
            throws IOException {
        Report report = new Report("Exit policies of " + setup.model().name() + ", compared")
                .facts("facts", facts)
                .heading("Results")
                .table("overview", ResultTables.overview(rows), Report.Form.TEXT, Report.Form.PAGE, Report.Form.JSON)
                .table("results", ResultTables.bySet(rows), Report.Form.JSON, Report.Form.CSV)
                .table("items", items(), Report.Form.CSV)
                .paragraph(
                        "± is the standard error over the facts that the questions ask for. All policies answer the same questions, so the error of a"
                                + " difference is usually smaller than the errors of both rows.")
                .heading("Quality over depth");
        CompareCharts.add(report, rows);
        if (!timing.isEmpty()) {
            report.heading("Time")
                    .paragraph(timedQuestions
                            + " questions, each answered by every policy in turn, one at a time and with streamed speech, as a"
                            + " user hears it. The rest of this page was decoded in batches.")
                    .table("timing", ResultTables.timing(timing));
        }
        addSamples(report, samples);
        return counts.addTo(report);
    }

    /**
     * Returns the replies as a table, read one policy at a time, because the replies of a large comparison do not fit
     * in memory.
     */
    private Table<ItemResult> items() throws IOException {
        Table<ItemResult> items = null;
        for (PolicyCase row : setup.cases()) {
            Table<ItemResult> own = ResultTables.items(row, files.results(row, setup.questions()), setup.model());
            items = items == null ? own : items.append(own);
        }
        return items;
    }

    /** Returns the replies to the first questions, question by question. */
    List<SampleReply> samples(int items) throws IOException {
        List<SampleReply> samples = new ArrayList<>();
        for (StudyQuestion question : setup.questions().stream().limit(items).toList()) {
            for (PolicyCase row : setup.cases()) sample(row, question).ifPresent(samples::add);
        }
        return samples;
    }

    private static void addSamples(Report report, List<SampleReply> all) {
        Map<StudyQuestion, List<SampleReply>> byQuestion = all.stream()
                .collect(Collectors.groupingBy(SampleReply::question, LinkedHashMap::new, Collectors.toList()));
        if (!all.isEmpty()) report.heading("Listen");
        byQuestion.forEach((question, samples) -> {
            report.paragraph(question.item().question())
                    .table(
                            "samples",
                            new Table<>(samples)
                                    .words(
                                            "policies",
                                            "exit policy",
                                            sample -> sample.policy().toString())
                                    .sound("speech", SampleReply::wav)
                                    .words(
                                            "text",
                                            "text",
                                            sample -> sample.reply().text())
                                    .words("heard", "heard", SampleReply::heard),
                            Report.Form.PAGE);
        });
    }

    private Optional<SampleReply> sample(PolicyCase row, StudyQuestion question) throws IOException {
        Optional<KeptReply> reply = files.reply(row, question);
        if (reply.isEmpty()) return Optional.empty();
        String heard = files.scores(question, reply.get()).transcript();
        byte[] wav = reply.get().speech() == null ? null : SampleSound.of(WavFile.read(files.wav(row, question)));
        return Optional.of(new SampleReply(question, row, reply.get(), heard, wav));
    }
}
