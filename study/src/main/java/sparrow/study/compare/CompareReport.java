package sparrow.study.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import sparrow.app.report.ChartException;
import sparrow.engine.decode.Limits;
import sparrow.engine.sample.Sampling;
import sparrow.engine.weights.AtomicFile;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.report.Cell;
import sparrow.study.report.Column;
import sparrow.study.report.HtmlPage;
import sparrow.study.report.Origin;
import sparrow.study.report.PointChart;
import sparrow.study.report.Table;
import sparrow.study.run.KeptReply;
import sparrow.study.run.ModelSettings;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.RunFolder;
import sparrow.study.run.RunJson;
import sparrow.study.run.StudyQuestion;

/**
 * The report of a comparison: {@code results.json}, {@code results.csv} and {@code items.csv}, which are the same to the
 * byte for the same settings; {@code timing.json} and {@code timing.csv}; the charts; and {@code report.html}, which holds
 * everything and needs no other file.
 */
final class CompareReport {
    /** Sounds in the page are told apart at this rate, and are small. */
    private static final int SAMPLE_RATE_HZ = 16_000;

    /** Longer samples are cut. */
    private static final int SAMPLE_SECONDS = 10;

    private final CompareSetup setup;
    private final CompareSettings settings;
    private final CompareOutcome outcome;
    private final CompareFiles files;

    CompareReport(CompareSetup setup, CompareSettings settings, CompareOutcome outcome, CompareFiles files) {
        this.setup = setup;
        this.settings = settings;
        this.outcome = outcome;
        this.files = files;
    }

    private record Json(JsonNode settings, List<PolicyResult> rows, SequencedMap<String, String> unasked) {}

    private record TimingJson(Origin origin, int questions, List<TimingResult> rows) {}

    /**
     * Writes all files of the report.
     *
     * @param sampleItems questions whose replies can be listened to in the page
     */
    void write(RunFolder run, Origin origin, int sampleItems) throws IOException {
        Path folder = run.path();
        Json json = new Json(run.facts().json(), outcome.rows(), outcome.unasked());
        AtomicFile.write(folder.resolve("results.json"), RunJson.text(json));
        AtomicFile.write(
                folder.resolve("results.csv"),
                ResultTables.bySet(outcome.rows()).csv());
        AtomicFile.write(folder.resolve("items.csv"), itemsCsv());
        if (!outcome.timing().isEmpty()) {
            AtomicFile.write(
                    folder.resolve("timing.json"),
                    RunJson.text(new TimingJson(origin, outcome.timedQuestions(), outcome.timing())));
            AtomicFile.write(
                    folder.resolve("timing.csv"),
                    TimingTable.of(outcome.timing()).csv());
        }
        AtomicFile.write(folder.resolve("report.html"), page(run, origin, sampleItems));
    }

    private String itemsCsv() throws IOException {
        StringBuilder csv = new StringBuilder();
        for (PolicyCase row : setup.cases()) {
            List<ItemResult> results = files.results(row, setup.questions());
            String lines = ItemTable.of(row, results, setup.layers()).csv();
            csv.append(csv.isEmpty() ? lines : lines.substring(lines.indexOf('\n') + 1));
        }
        return csv.toString();
    }

    private String page(RunFolder run, Origin origin, int sampleItems) throws IOException {
        HtmlPage page = new HtmlPage("Exit policies of " + settings.model().name() + ", compared");
        page.facts(facts(run, origin));
        Table overview = ResultTables.overview(outcome.rows());
        page.heading("Results").table(overview).meanings(overview);
        page.paragraph(
                "Behind the plus-minus sign stands the standard error over the questions. All rows answer the same"
                        + " questions, so that the difference of two rows is as a rule known better than either of them.");
        charts(page, run.path());
        if (!outcome.timing().isEmpty()) {
            Table timing = TimingTable.of(outcome.timing());
            page.heading("Time");
            page.paragraph(outcome.timedQuestions()
                    + " questions, each answered alone by every row in turn, speech streamed as a user"
                    + " hears it. Decoding in batches, as the rest of this page was made, says nothing about time.");
            page.table(timing).meanings(timing);
        }
        samples(page, sampleItems);
        if (!outcome.unasked().isEmpty()) {
            page.heading("Questions that could not be asked").facts(outcome.unasked());
        }
        return page.text();
    }

    private void charts(HtmlPage page, Path folder) throws IOException {
        page.heading("Quality over depth");
        try {
            for (CompareCharts.Picture picture : CompareCharts.of(outcome.rows())) {
                AtomicFile.write(folder.resolve(picture.fileName()), picture.png());
                page.picture(picture.png(), PointChart.WIDTH, picture.caption());
            }
        } catch (ChartException e) {
            // The figures of hours are worth more than their charts.
            page.paragraph(e.getMessage());
        }
    }

    private SequencedMap<String, String> facts(RunFolder run, Origin origin) {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        ModelSettings model = settings.model();
        facts.put("model", model.name() + ", " + model.layers() + " layers; " + model.weights());
        facts.put("exit heads", "layers " + model.headLayers());
        facts.put(
                "questions",
                settings.data().stream()
                        .map(set -> set.items() + " of " + set.name())
                        .collect(Collectors.joining(", ")));
        facts.put(
                "decoding",
                words(settings.sampling()) + "; " + words(settings.limits()) + "; speech logits "
                        + settings.speechLogits());
        ScoringPlan scoring = settings.scoring();
        String heard = scoring.heardItems() == 0 ? "" : ", the first " + scoring.heardItems() + " of every set";
        facts.put("recogniser", scoring.asr() + heard);
        facts.put("opinion", scoring.mos());
        facts.put("judge", scoring.judge());
        run.mixture().ifPresent(mixture -> facts.put("arithmetic", mixture));
        facts.putAll(origin.facts());
        return facts;
    }

    private static String words(Sampling sampling) {
        String draws = sampling.greedy()
                ? "greedy"
                : "temperature " + sampling.temperature() + ", top-k " + sampling.topK() + ", top-p " + sampling.topP();
        return draws + ", repetition penalty " + sampling.repetitionPenalty() + ", seed " + sampling.seed();
    }

    private static String words(Limits limits) {
        String most = "at most " + limits.newTokens() + " tokens";
        if (limits.speechTail() != Limits.UNBOUNDED) most += ", " + limits.speechTail() + " of speech after the text";
        return limits.loops().isPresent() ? most + ", loops stopped" : most;
    }

    /** What one row said to one question. */
    private record Sample(PolicyCase row, KeptReply reply, String heard, byte[] wav) {}

    private void samples(HtmlPage page, int items) throws IOException {
        List<StudyQuestion> questions = setup.questions().stream().limit(items).toList();
        if (questions.isEmpty()) return;
        page.heading("Listen");
        for (StudyQuestion asked : questions) {
            page.paragraph(asked.item().question());
            List<Sample> samples = new ArrayList<>();
            for (PolicyCase row : setup.cases()) sample(row, asked).ifPresent(samples::add);
            page.table(Table.of(
                    List.of(
                            Column.words(
                                    "policies",
                                    "exit policy",
                                    "",
                                    sample -> Cell.text(sample.row().toString())),
                            Column.words(
                                    "speech",
                                    "speech",
                                    "",
                                    sample -> sample.wav() == null ? new Cell.Nothing() : new Cell.Sound(sample.wav())),
                            Column.words(
                                    "text",
                                    "text",
                                    "",
                                    sample -> Cell.text(sample.reply().text())),
                            Column.words(
                                    "heard",
                                    "heard",
                                    "",
                                    sample -> sample.heard() == null ? new Cell.Nothing() : Cell.text(sample.heard()))),
                    samples));
        }
    }

    private Optional<Sample> sample(PolicyCase row, StudyQuestion asked) throws IOException {
        Optional<KeptReply> reply = files.reply(row, asked);
        if (reply.isEmpty()) return Optional.empty();
        String heard = files.assessment(row, asked).map(Assessment::heard).orElse(null);
        byte[] wav = reply.get().speech() == null ? null : small(WavFile.read(files.wav(row, asked)));
        return Optional.of(new Sample(row, reply.get(), heard, wav));
    }

    private static byte[] small(Waveform speech) {
        Waveform slow = speech.at(SAMPLE_RATE_HZ);
        int samples = Math.min(slow.samples().length, SAMPLE_SECONDS * SAMPLE_RATE_HZ);
        return WavFile.bytes(new Waveform(Arrays.copyOf(slow.samples(), samples), SAMPLE_RATE_HZ), SampleFormat.PCM16);
    }
}
