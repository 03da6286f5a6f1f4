package sparrow.study.compare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.engine.reply.Reply;
import sparrow.models.SpokenModel;
import sparrow.speech.spectrum.PromptMel;
import sparrow.speech.vocode.FlowSettings;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.Waveform;
import sparrow.study.report.Origin;
import sparrow.study.report.Report;
import sparrow.study.run.EncodedQuestion;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Prompts;
import sparrow.study.run.Replies;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.StudySetup;
import sparrow.study.text.TextNormalizer;
import sparrow.study.text.WordErrors;

/**
 * The cost of a flow that computes less: the same replies, spoken in blocks under several settings of the flow, from the
 * same noise. Measured are the distance of their sound from that of the published settings, word errors and opinion scores.
 *
 * @param study the model and its questions, which are answered at full depth
 * @param joined replies that are spoken as one, 1 or more: a model of short answers shows nothing of long ones
 */
public record FlowComparison(StudySetup study, int joined, Scorers scorers) {
    /** Natural logarithms of magnitudes to decibels. */
    private static final double DECIBELS = 20 / Math.log(10);

    /**
     * The figures of one setting.
     *
     * @param distance mean absolute difference of log mel spectra to the published settings' sound, dB
     */
    public record Row(FlowSettings flow, Mean distance, WordErrorRate wordErrors, Mean mos) {}

    private record Spoken(String text, int[] codes) {}

    private record Heard(double distance, WordErrors words, Double mos) {}

    /**
     * Compares; the published settings come first, also where they are not asked for.
     *
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if a question cannot be read, or a listener failed
     */
    public List<Row> run(List<FlowSettings> settings, RunProgress progress) throws IOException {
        SequencedMap<FlowSettings, Synthesizer> synthesizers = new LinkedHashMap<>();
        synthesizers.put(FlowSettings.PUBLISHED, study.model().synthesizer().with(FlowSettings.PUBLISHED));
        for (FlowSettings one : settings) {
            synthesizers.computeIfAbsent(
                    one, flow -> study.model().synthesizer().with(flow));
        }
        List<Spoken> replies = joined(replies(progress));
        progress.begin("speaking and listening", replies.size());
        Map<FlowSettings, List<Heard>> all = new LinkedHashMap<>();
        for (FlowSettings flow : synthesizers.keySet()) all.put(flow, new ArrayList<>());
        for (Map<FlowSettings, Heard> ofReply : listened(replies, synthesizers, progress)) {
            ofReply.forEach((flow, heard) -> all.get(flow).add(heard));
        }
        return all.entrySet().stream().map(e -> row(e.getKey(), e.getValue())).toList();
    }

    private static Row row(FlowSettings flow, List<Heard> heard) {
        return new Row(
                flow,
                Mean.of(heard.stream().map(Heard::distance).toList()),
                WordErrorRate.of(heard.stream()
                        .map(Heard::words)
                        .filter(words -> words != null)
                        .toList()),
                Mean.of(heard.stream()
                        .map(Heard::mos)
                        .filter(mos -> mos != null)
                        .toList()));
    }

    private List<Spoken> replies(RunProgress progress) throws IOException {
        SpokenModel model = study.model();
        List<StudyQuestion> questions = study.questions();
        progress.begin("asking", questions.size());
        Prompts prompts = new Prompts(model, study.textToSpeech());
        Replies decoder = new Replies(model, PolicyCase.NONE.plan(), study.decoding());
        List<Spoken> spoken = new ArrayList<>();
        for (int first = 0; first < questions.size(); first += study.batch()) {
            List<EncodedQuestion> encoded = new ArrayList<>();
            for (StudyQuestion asked : questions.subList(first, Math.min(questions.size(), first + study.batch()))) {
                encoded.add(EncodedQuestion.of(prompts.of(asked.item())));
            }
            for (Reply reply : decoder.to(encoded)) {
                int[] codes = model.languageModel().tokens().codes(reply.tokens());
                if (codes.length > 0) spoken.add(new Spoken(Replies.text(model, reply.tokens()), codes));
                progress.done();
            }
        }
        return spoken;
    }

    private List<Spoken> joined(List<Spoken> replies) {
        List<Spoken> all = new ArrayList<>();
        for (int first = 0; first < replies.size(); first += joined) {
            List<Spoken> some = replies.subList(first, Math.min(replies.size(), first + joined));
            all.add(new Spoken(
                    some.stream().map(Spoken::text).collect(Collectors.joining(" ")),
                    some.stream()
                            .flatMapToInt(one -> Arrays.stream(one.codes()))
                            .toArray()));
        }
        return all;
    }

    private List<Map<FlowSettings, Heard>> listened(
            List<Spoken> replies, Map<FlowSettings, Synthesizer> synthesizers, RunProgress progress)
            throws IOException {
        try (ScoringThreads threads = new ScoringThreads(scorers.threads())) {
            List<Future<Map<FlowSettings, Heard>>> futures = new ArrayList<>();
            for (Spoken reply : replies) {
                futures.add(threads.begin(() -> {
                    Map<FlowSettings, Heard> heard = listen(reply, synthesizers);
                    progress.done();
                    return heard;
                }));
            }
            List<Map<FlowSettings, Heard>> all = new ArrayList<>();
            for (Future<Map<FlowSettings, Heard>> future : futures) all.add(ScoringThreads.await(future));
            return all;
        }
    }

    private Map<FlowSettings, Heard> listen(Spoken reply, Map<FlowSettings, Synthesizer> synthesizers)
            throws IOException, InterruptedException {
        TextNormalizer english = TextNormalizer.english();
        Listeners listeners = scorers.listeners().orElseThrow();
        float[] published = null;
        Map<FlowSettings, Heard> heard = new LinkedHashMap<>();
        for (Map.Entry<FlowSettings, Synthesizer> one : synthesizers.entrySet()) {
            Synthesizer synthesizer = one.getValue();
            Noise noise = Noise.seeded(study.decoding().sampling().seed());
            Waveform speech =
                    new Waveform(synthesizer.synthesizeInBlocks(reply.codes(), noise), synthesizer.sampleRateHz());
            float[] mel =
                    new PromptMel().features(speech.at(PromptMel.SAMPLE_RATE_HZ).samples());
            if (published == null) published = mel;
            WordErrors words = scorers.plan().recogniser().isEmpty()
                    ? null
                    : WordErrors.between(reply.text(), listeners.hear(speech), english);
            Double mos = listeners.mos().isEmpty()
                    ? null
                    : listeners.mos().get().score(speech).overall();
            heard.put(one.getKey(), new Heard(DECIBELS * distance(published, mel), words, mos));
            if (Thread.interrupted()) throw new InterruptedIOException();
        }
        return heard;
    }

    /** Mean absolute difference. */
    static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
        return sum / a.length;
    }

    /**
     * The report of some rows.
     *
     * @param origin of the figures
     * @throws IOException if the file of exit heads cannot be read
     */
    public Report report(List<Row> rows, Origin origin) throws IOException {
        SequencedMap<String, String> facts = study.settings().facts();
        facts.put("replies spoken as one", String.valueOf(joined));
        facts.putAll(scorers.plan().facts());
        facts.putAll(origin.facts());
        Table<Row> table = new Table<>(rows)
                .words(
                        "flow",
                        "flow",
                        "Settings of the flow.",
                        row -> row.flow().toString())
                .mean(
                        "mel_distance",
                        "mel distance dB",
                        "Mean absolute difference of log mel spectra to the first row's sound.",
                        2,
                        Row::distance)
                .mean(
                        "wer_percent",
                        "WER %",
                        "Word errors of the recogniser's text against the reply's own text.",
                        1,
                        row -> row.wordErrors().mean())
                .mean("mos", "MOS", "Predicted opinion score.", 3, Row::mos)
                .dropEmptyColumns();
        return new Report("The cost of a flow that computes less")
                .facts("facts", facts)
                .table("flow", table);
    }
}
