package sparrow.study.compare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import sparrow.study.report.StudyCounts;
import sparrow.study.run.EncodedConversation;
import sparrow.study.run.Experiment;
import sparrow.study.run.Failures;
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
import sparrow.study.text.WordErrors;

/**
 * Measures the effect of reduced computation in a flow. Each reply is synthesised in blocks with several flow settings
 * and the same noise. Results are the distance from the audio of the model's own settings, word errors and opinion
 * scores.
 *
 * @param study model and questions, answered at full depth
 * @param joined number of replies joined into one utterance, 1 or more; short answers alone would not show effects on
 *     long utterances
 * @param seeds number of noise seeds per utterance, 1 or more; the first seed is the decoding's seed
 * @param scorers speech scorers
 */
public record FlowComparison(StudySetup study, int joined, int seeds, Scorers scorers) {
    /** Factor that converts natural logarithms of magnitudes to decibels. */
    private static final double DECIBELS = 20 / Math.log(10);

    /** Maximum number of warm-up rounds. */
    private static final int WARM_UP = 20;

    /**
     * The results of a flow setting.
     *
     * @param distance mean absolute difference of log mel spectra from the audio of the model's own settings, in dB
     * @param distance95 95th percentile of the distance over frames
     * @param seedRates word error rate for each seed, in percent, or null if there are no words
     * @param seconds total synthesis time of all clips
     */
    public record Row(
            FlowSettings flow,
            Mean distance,
            double distance95,
            WordErrorRate wordErrors,
            List<Double> seedRates,
            Mean mos,
            double seconds) {}

    /**
     * The results of a study.
     *
     * @param rows one row per setting
     * @param counts counts of questions, replies and scores
     * @param silent number of replies without speech, which are not compared
     */
    public record Outcome(List<Row> rows, StudyCounts counts, int silent) {}

    private record Spoken(String text, int[] codes) {}

    /**
     * The scores of a synthesised clip.
     *
     * @param distances one value per frame
     */
    private record Scored(int seed, float[] distances, WordErrors words, Double mos, long nanos) {
        double distance() {
            double sum = 0;
            for (float one : distances) sum += one;
            return sum / distances.length;
        }
    }

    /**
     * Compares settings. The model's own settings are always the first row.
     *
     * @throws IllegalArgumentException if no reply contains speech; the message is one line
     * @throws RunStoppedException if the thread is interrupted
     * @throws IOException if a question cannot be read, or a scorer fails
     */
    public Outcome run(List<FlowSettings> settings, RunProgress progress) throws IOException {
        SequencedMap<FlowSettings, Synthesizer> synthesizers = new LinkedHashMap<>();
        synthesizers.put(study.model().flow(), study.model().synthesizer());
        for (FlowSettings one : settings) {
            synthesizers.computeIfAbsent(
                    one, flow -> study.model().synthesizer().with(flow));
        }
        SequencedMap<String, String> unasked = new LinkedHashMap<>();
        List<Spoken> spoken = replies(progress, unasked);
        if (spoken.isEmpty()) {
            throw new IllegalArgumentException("replies: expected speech in one or more, found none in "
                    + study.questions().size() + "; --max-new-tokens may be too small");
        }
        List<Spoken> replies = joined(spoken);
        progress.begin("warming up", WARM_UP);
        warmUp(replies.getFirst(), synthesizers.values(), progress);
        progress.begin("speaking and scoring", replies.size() * seeds);
        Map<FlowSettings, List<Scored>> all = new LinkedHashMap<>();
        for (FlowSettings flow : synthesizers.keySet()) all.put(flow, new ArrayList<>());
        for (Map<FlowSettings, Scored> ofReply : scored(replies, synthesizers, progress)) {
            ofReply.forEach((flow, scored) -> all.get(flow).add(scored));
        }
        List<Row> rows =
                all.entrySet().stream().map(e -> row(e.getKey(), e.getValue())).toList();
        int questions = study.questions().size();
        int scores = (int) all.values().stream()
                .flatMap(List::stream)
                .flatMap(one -> Stream.of(Optional.ofNullable(one.words()), Optional.ofNullable(one.mos())))
                .filter(Optional::isPresent)
                .count();
        int answered = questions - unasked.size();
        StudyCounts counts = new StudyCounts(questions, unasked, answered, questions, scores, 0);
        return new Outcome(rows, counts, answered - spoken.size());
    }

    /**
     * Synthesises a reply with all settings until the time of a round no longer decreases substantially, because the
     * JIT compiler has finished.
     */
    private void warmUp(Spoken reply, Collection<Synthesizer> synthesizers, RunProgress progress)
            throws InterruptedIOException {
        long before = Long.MAX_VALUE;
        for (int round = 0; round < WARM_UP; round++) {
            long begin = System.nanoTime();
            for (Synthesizer one : synthesizers) {
                one.synthesizeInBlocks(
                        reply.codes(), Noise.seeded(study.decoding().sampling().seed()));
                if (Thread.interrupted()) throw new InterruptedIOException();
            }
            long took = System.nanoTime() - begin;
            if (took > 0.95 * before) return;
            before = took;
            progress.done();
        }
    }

    private Row row(FlowSettings flow, List<Scored> scored) {
        return new Row(
                flow,
                Mean.of(scored.stream().map(Scored::distance).toList()),
                percentile95(scored),
                rate(scored),
                IntStream.range(0, seeds)
                        .mapToObj(seed -> rate(scored.stream()
                                        .filter(one -> one.seed() == seed)
                                        .toList())
                                .percent())
                        .toList(),
                Mean.of(scored.stream()
                        .map(Scored::mos)
                        .filter(mos -> mos != null)
                        .toList()),
                scored.stream().mapToLong(Scored::nanos).sum() / 1e9);
    }

    private static WordErrorRate rate(List<Scored> scored) {
        return WordErrorRate.of(scored.stream()
                .filter(one -> one.words() != null)
                .map(one -> new WordErrorRate.Heard(one, one.words()))
                .toList());
    }

    private static double percentile95(List<Scored> scored) {
        double[] all = scored.stream()
                .flatMapToDouble(
                        one -> IntStream.range(0, one.distances().length).mapToDouble(t -> one.distances()[t]))
                .sorted()
                .toArray();
        return all[(int) (0.95 * (all.length - 1))];
    }

    private List<Spoken> replies(RunProgress progress, SequencedMap<String, String> unasked) throws IOException {
        SpokenModel model = study.model();
        List<StudyQuestion> questions = study.questions();
        progress.begin("asking", questions.size());
        Experiment.Asking<StudyQuestion> asking = StudyQuestion.asking(study.textToSpeech());
        int newTokens = study.decoding().limits().newTokens();
        Replies decoder = new Replies(model, PolicyCase.NONE.plan(), study.decoding());
        List<Spoken> spoken = new ArrayList<>();
        for (int first = 0; first < questions.size(); first += study.batch()) {
            List<EncodedConversation> encoded = new ArrayList<>();
            for (StudyQuestion question : questions.subList(first, Math.min(questions.size(), first + study.batch()))) {
                try {
                    encoded.add(EncodedConversation.of(asking.ask(question, encoded.size()), model, newTokens));
                } catch (IllegalArgumentException e) {
                    unasked.put(question.toString(), Failures.reason(e));
                    progress.done();
                }
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
                for (int seed = 0; seed < seeds; seed++) {
                    int noise = seed;
                    List<FlowSettings> order = order(synthesizers.keySet(), futures.size());
                    futures.add(threads.begin(() -> {
                        Map<FlowSettings, Scored> scored = score(reply, noise, synthesizers, order);
                        progress.done();
                        return scored;
                    }));
                }
            }
            List<Map<FlowSettings, Scored>> all = new ArrayList<>();
            for (Future<Map<FlowSettings, Scored>> future : futures) all.add(ScoringThreads.await(future));
            return all;
        }
    }

    /** Rotates the settings, so that no setting is always measured first. */
    static <T> List<T> order(Collection<T> settings, int turn) {
        List<T> order = new ArrayList<>(settings);
        Collections.rotate(order, -(turn % order.size()));
        return order;
    }

    private record Sound(Waveform speech, float[] mel, long nanos) {}

    private Map<FlowSettings, Scored> score(
            Spoken reply, int seed, Map<FlowSettings, Synthesizer> synthesizers, List<FlowSettings> order)
            throws IOException, InterruptedException {
        Map<FlowSettings, Sound> sounds = new HashMap<>();
        for (FlowSettings flow : order) {
            Synthesizer synthesizer = synthesizers.get(flow);
            Noise noise = Noise.seeded(study.decoding().sampling().seed() + seed);
            long begin = System.nanoTime();
            float[] samples = synthesizer.synthesizeInBlocks(reply.codes(), noise);
            long nanos = System.nanoTime() - begin;
            Waveform speech = new Waveform(samples, synthesizer.sampleRateHz());
            float[] mel =
                    new PromptMel().features(speech.at(PromptMel.SAMPLE_RATE_HZ).samples());
            sounds.put(flow, new Sound(speech, mel, nanos));
            if (Thread.interrupted()) throw new InterruptedIOException();
        }
        float[] own = sounds.get(study.model().flow()).mel();
        Map<FlowSettings, Scored> scored = new LinkedHashMap<>();
        for (FlowSettings flow : synthesizers.keySet()) {
            Sound sound = sounds.get(flow);
            AudioScores scores = score(sound.speech());
            WordErrors words =
                    scores.transcript() == null ? null : WordErrors.between(reply.text(), scores.transcript());
            Double mos = scores.mos() == null ? null : scores.mos().overall();
            scored.put(flow, new Scored(seed, distances(own, sound.mel()), words, mos, sound.nanos()));
            if (Thread.interrupted()) throw new InterruptedIOException();
        }
        return scored;
    }

    private static String spread(Row row) {
        if (row.seedRates().size() < 2 || row.seedRates().contains(null)) return "";
        DoubleSummaryStatistics rates =
                row.seedRates().stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return String.format(Locale.ROOT, "%.1f to %.1f", rates.getMin(), rates.getMax());
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

    /** Returns the mean absolute difference of each frame's bins, in dB. */
    static float[] distances(float[] a, float[] b) {
        float[] distances = new float[a.length / PromptMel.BINS];
        for (int t = 0; t < distances.length; t++) {
            double sum = 0;
            for (int i = t * PromptMel.BINS; i < (t + 1) * PromptMel.BINS; i++) sum += Math.abs(a[i] - b[i]);
            distances[t] = (float) (DECIBELS * sum / PromptMel.BINS);
        }
        return distances;
    }

    /**
     * Returns a report of the given rows.
     *
     * @param origin origin of the results
     * @throws IOException if the file of exit heads cannot be read
     */
    public Report report(Outcome outcome, Origin origin) throws IOException {
        SequencedMap<String, String> facts = study.settings().facts();
        facts.put("replies spoken as one", String.valueOf(joined));
        facts.put("noises", String.valueOf(seeds));
        // The scoring plan is not applied: every reply is scored, and no reply is judged.
        facts.put("recogniser", scorers.plan().asr());
        facts.put("opinion", scorers.plan().mos());
        facts.put("counts", outcome.counts().toString());
        facts.put("replies without speech", String.valueOf(outcome.silent()));
        facts.putAll(origin.facts());
        Table<Row> table = new Table<>(outcome.rows())
                .words("flow", "flow", row -> row.flow().toString())
                .meaning("Settings of the flow.")
                .mean("mel_distance", "mel distance dB", 2, Row::distance)
                .meaning("Mean absolute difference of log mel spectra from the first row's audio.")
                .number("mel_distance_95", "95 % of frames dB", 2, Row::distance95)
                .meaning("95th percentile of this difference over frames.")
                .mean("wer_percent", "WER %", 1, row -> row.wordErrors().mean())
                .meaning("Word errors of the transcript relative to the reply's own text.")
                .words("wer_of_noises", "WER % by noise", FlowComparison::spread)
                .meaning("Minimum and maximum word errors over noise seeds.")
                .mean("mos", "MOS", 3, Row::mos)
                .meaning("Predicted opinion score.")
                .number(
                        "time",
                        "time",
                        2,
                        row -> row.seconds() / outcome.rows().getFirst().seconds())
                .meaning("Time of the flow and the vocoder relative to the first row.")
                .dropEmptyColumns();
        Report report = new Report("Flow settings with reduced computation")
                .facts("facts", facts)
                .table("flow", table);
        return outcome.counts().addTo(report);
    }
}
