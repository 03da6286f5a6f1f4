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
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.report.Origin;
import sparrow.study.report.Report;
import sparrow.study.run.EncodedConversation;
import sparrow.study.run.Experiment;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;
import sparrow.study.run.RunProgress;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.StudyQuestion;
import sparrow.study.run.StudySetup;
import sparrow.study.scoring.AudioScores;
import sparrow.study.scoring.Clip;
import sparrow.study.scoring.Scorers;
import sparrow.study.scoring.ScoringThreads;
import sparrow.study.text.TextNormalizer;
import sparrow.study.text.WordErrors;

/**
 * The cost of a flow that computes less: the same replies, spoken in blocks under several settings of the flow, from the
 * same noise. Measured are the distance of their sound from that of the model's own settings, word errors and opinion scores.
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
     * @param distance mean absolute difference of log mel spectra to the sound of the model's own settings, dB
     */
    public record Row(FlowSettings flow, Mean distance, WordErrorRate wordErrors, Mean mos) {}

    private record Spoken(String text, int[] codes) {}

    private record Scored(double distance, WordErrors words, Double mos) {}

    /**
     * Compares; the model's own settings come first, also where they are not asked for.
     *
     * @throws RunStoppedException if the thread was interrupted
     * @throws IOException if a question cannot be read, or a scorer failed
     */
    public List<Row> run(List<FlowSettings> settings, RunProgress progress) throws IOException {
        SequencedMap<FlowSettings, Synthesizer> synthesizers = new LinkedHashMap<>();
        synthesizers.put(study.model().flow(), study.model().synthesizer());
        for (FlowSettings one : settings) {
            synthesizers.computeIfAbsent(
                    one, flow -> study.model().synthesizer().with(flow));
        }
        List<Spoken> replies = joined(replies(progress));
        progress.begin("speaking and scoring", replies.size());
        Map<FlowSettings, List<Scored>> all = new LinkedHashMap<>();
        for (FlowSettings flow : synthesizers.keySet()) all.put(flow, new ArrayList<>());
        for (Map<FlowSettings, Scored> ofReply : scored(replies, synthesizers, progress)) {
            ofReply.forEach((flow, scored) -> all.get(flow).add(scored));
        }
        return all.entrySet().stream().map(e -> row(e.getKey(), e.getValue())).toList();
    }

    private static Row row(FlowSettings flow, List<Scored> scored) {
        return new Row(
                flow,
                Mean.of(scored.stream().map(Scored::distance).toList()),
                WordErrorRate.of(scored.stream()
                        .map(Scored::words)
                        .filter(words -> words != null)
                        .toList()),
                Mean.of(scored.stream()
                        .map(Scored::mos)
                        .filter(mos -> mos != null)
                        .toList()));
    }

    private List<Spoken> replies(RunProgress progress) throws IOException {
        SpokenModel model = study.model();
        List<StudyQuestion> questions = study.questions();
        progress.begin("asking", questions.size());
        Experiment.Asking<StudyQuestion> asking = StudyQuestion.asking(study.textToSpeech());
        int newTokens = study.decoding().limits().newTokens();
        Replies decoder = new Replies(model, PolicyCase.NONE.plan(), study.decoding());
        List<Spoken> spoken = new ArrayList<>();
        for (int first = 0; first < questions.size(); first += study.batch()) {
            List<EncodedConversation> encoded = new ArrayList<>();
            for (StudyQuestion asked : questions.subList(first, Math.min(questions.size(), first + study.batch()))) {
                encoded.add(EncodedConversation.of(asking.ask(asked, encoded.size()), model, newTokens));
            }
            for (Reply reply : decoder.to(decoder.lastQuestions(encoded))) {
                int[] codes = Replies.codes(model, reply.units());
                if (codes.length > 0) spoken.add(new Spoken(Replies.text(model, reply.units()), codes));
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

    private List<Map<FlowSettings, Scored>> scored(
            List<Spoken> replies, Map<FlowSettings, Synthesizer> synthesizers, RunProgress progress)
            throws IOException {
        try (ScoringThreads threads = new ScoringThreads(scorers.threads())) {
            List<Future<Map<FlowSettings, Scored>>> futures = new ArrayList<>();
            for (Spoken reply : replies) {
                futures.add(threads.begin(() -> {
                    Map<FlowSettings, Scored> scored = score(reply, synthesizers);
                    progress.done();
                    return scored;
                }));
            }
            List<Map<FlowSettings, Scored>> all = new ArrayList<>();
            for (Future<Map<FlowSettings, Scored>> future : futures) all.add(ScoringThreads.await(future));
            return all;
        }
    }

    private Map<FlowSettings, Scored> score(Spoken reply, Map<FlowSettings, Synthesizer> synthesizers)
            throws IOException, InterruptedException {
        TextNormalizer english = TextNormalizer.english();
        float[] own = null;
        Map<FlowSettings, Scored> scored = new LinkedHashMap<>();
        for (Map.Entry<FlowSettings, Synthesizer> one : synthesizers.entrySet()) {
            Synthesizer synthesizer = one.getValue();
            Noise noise = Noise.seeded(study.decoding().sampling().seed());
            Waveform speech =
                    new Waveform(synthesizer.synthesizeInBlocks(reply.codes(), noise), synthesizer.sampleRateHz());
            float[] mel =
                    new PromptMel().features(speech.at(PromptMel.SAMPLE_RATE_HZ).samples());
            if (own == null) own = mel;
            AudioScores scores = score(speech);
            WordErrors words =
                    scores.transcript() == null ? null : WordErrors.between(reply.text(), scores.transcript(), english);
            Double mos = scores.mos() == null ? null : scores.mos().overall();
            scored.put(one.getKey(), new Scored(DECIBELS * distance(own, mel), words, mos));
            if (Thread.interrupted()) throw new InterruptedIOException();
        }
        return scored;
    }

    private AudioScores score(Waveform speech) throws IOException, InterruptedException {
        Clip clip = Clip.of(
                WavFile.bytes(speech, SampleFormat.FLOAT32),
                scorers.plan().recogniser().isPresent(),
                scorers.plan().opinionScorer().isPresent());
        AudioScores scores = scorers.audio().orElseThrow().score(clip);
        if (!scores.failures().isEmpty())
            throw new IOException(scores.failures().firstEntry().getValue());
        return scores;
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
        // All of it is scored, and nothing judged, whatever else the plan says.
        facts.put("recogniser", scorers.plan().asr());
        facts.put("opinion", scorers.plan().mos());
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
