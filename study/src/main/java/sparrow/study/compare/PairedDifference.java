package sparrow.study.compare;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import sparrow.app.report.Mean;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.folder.FileDigest;
import sparrow.study.mos.Mos;
import sparrow.study.report.FactMean;
import sparrow.study.run.StudyQuestion;
import sparrow.study.text.WordErrors;

/**
 * The differences between two policies, question by question. Both policies answer the same questions, so the error of
 * a difference is smaller than the policies' own errors suggest. Questions about one fact are one observation
 * ({@link StudyQuestion#fact}), because sets may contain a question in several forms; the count of a mean is the number
 * of facts.
 *
 * @param text difference in points for the text, averaged over sets
 * @param heard difference in points for the transcript, averaged over sets
 * @param wer difference in word error rate in percent, over all questions
 * @param mos difference in predicted opinion score, over all questions
 * @param same number of replies that are equal token by token
 * @param questions number of questions that both policies answered
 * @param identicalFacts number of facts for which all replies are equal token by token
 * @param facts number of facts that the questions ask for
 * @param points facts whose points differ, in the points of {@link #score()}
 */
public record PairedDifference(
        Mean text,
        Mean heard,
        Mean wer,
        Mean mos,
        int same,
        int questions,
        int identicalFacts,
        int facts,
        Points points) {
    /**
     * The facts for which the policies have different points.
     *
     * @param lost number of facts for which the first policy has fewer points
     * @param gained number of facts for which it has more points
     * @param facts number of facts with points from both policies
     * @param whole whether each difference is 0 or 100 points, so that the counts determine the mean
     */
    public record Points(int lost, int gained, int facts, boolean whole) {
        private static Points of(List<Pair> pairs, Function<Reply, Double> value) {
            Map<Object, Double> differences = new HashMap<>();
            Map<Object, Integer> questions = new HashMap<>();
            for (Pair pair : pairs) {
                if (!pair.both(value)) continue;
                differences.merge(pair.question().fact(), pair.difference(value), Double::sum);
                questions.merge(pair.question().fact(), 1, Integer::sum);
            }
            return new Points(
                    (int) differences.values().stream().filter(d -> d < 0).count(),
                    (int) differences.values().stream().filter(d -> d > 0).count(),
                    differences.size(),
                    questions.values().stream().allMatch(count -> count == 1)
                            && differences.values().stream().allMatch(d -> d == 0 || Math.abs(d) == 100));
        }
    }

    /**
     * The properties of a reply used in a difference. A missing score is null.
     *
     * @param errors word errors of the transcript relative to the reply's own text
     * @param sha256 digest of the decided units
     */
    public record Reply(
            StudyQuestion question, Double text, Double heard, WordErrors errors, Double mos, String sha256) {
        static Reply of(ItemResult item) {
            ReplyScores scores = item.scores();
            Mos mos = scores.mos();
            return new Reply(
                    item.question(),
                    scores.textPoints(),
                    scores.speechPoints(),
                    scores.transcript() == null
                            ? null
                            : WordErrors.between(item.reply().text(), scores.transcript()),
                    mos == null ? null : mos.overall(),
                    FileDigest.sha256(item.reply().units().toString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private record Pair(Reply row, Reply other) {
        StudyQuestion question() {
            return row.question();
        }

        boolean identical() {
            return row.sha256().equals(other.sha256());
        }

        boolean both(Function<Reply, ?> value) {
            return value.apply(row) != null && value.apply(other) != null;
        }

        double difference(Function<Reply, Double> value) {
            return value.apply(row) - value.apply(other);
        }
    }

    /** Returns the differences {@code row - other}, over the questions that both policies answered. */
    public static PairedDifference between(List<Reply> row, List<Reply> other) {
        Map<String, Reply> others = new HashMap<>();
        for (Reply reply : other) others.put(reply.question().toString(), reply);
        List<Pair> pairs = row.stream()
                .filter(reply -> others.containsKey(reply.question().toString()))
                .map(reply -> new Pair(reply, others.get(reply.question().toString())))
                .toList();
        Mean text = meanOfSets(pairs, Reply::text);
        Mean heard = meanOfSets(pairs, Reply::heard);
        Map<Object, Boolean> identical = new HashMap<>();
        pairs.forEach(pair -> identical.merge(pair.question().fact(), pair.identical(), Boolean::logicalAnd));
        return new PairedDifference(
                text,
                heard,
                wordErrorRate(pairs),
                mean(pairs, Reply::mos),
                (int) pairs.stream().filter(Pair::identical).count(),
                pairs.size(),
                (int) identical.values().stream().filter(all -> all).count(),
                identical.size(),
                Points.of(pairs, score(heard, text) == heard ? Reply::heard : Reply::text));
    }

    /** Returns the difference in transcript points, as in the paper, or in text points without transcripts. */
    public Mean score() {
        return score(heard, text);
    }

    static Mean score(Mean heard, Mean text) {
        return heard.value() == null ? text : heard;
    }

    private static Mean meanOfSets(List<Pair> pairs, Function<Reply, Double> value) {
        Map<String, List<Pair>> sets = pairs.stream()
                .collect(Collectors.groupingBy(pair -> pair.question().set().name()));
        double sum = 0;
        List<FactMean.Residual> residuals = new ArrayList<>();
        for (List<Pair> all : sets.values()) {
            List<Pair> set = all.stream().filter(pair -> pair.both(value)).toList();
            if (set.isEmpty()) return new Mean(null, null, 0);
            double mean = average(set, value);
            sum += mean;
            for (Pair pair : set) {
                residuals.add(new FactMean.Residual(
                        pair.question().fact(), (pair.difference(value) - mean) / (set.size() * sets.size())));
            }
        }
        return sets.isEmpty() ? new Mean(null, null, 0) : FactMean.of(sum / sets.size(), residuals);
    }

    private static Mean mean(List<Pair> pairs, Function<Reply, Double> value) {
        List<Pair> scored = pairs.stream().filter(pair -> pair.both(value)).toList();
        if (scored.isEmpty()) return new Mean(null, null, 0);
        double mean = average(scored, value);
        return FactMean.of(
                mean,
                scored.stream()
                        .map(pair -> new FactMean.Residual(
                                pair.question().fact(), (pair.difference(value) - mean) / scored.size()))
                        .toList());
    }

    private static double average(List<Pair> pairs, Function<Reply, Double> value) {
        return pairs.stream()
                .mapToDouble(pair -> pair.difference(value))
                .average()
                .orElseThrow();
    }

    /** Returns the difference of two ratios of sums, with the error of their linear approximation. */
    private static Mean wordErrorRate(List<Pair> pairs) {
        List<Pair> heard =
                pairs.stream().filter(pair -> pair.both(Reply::errors)).toList();
        WordErrors row = sum(heard, Pair::row);
        WordErrors other = sum(heard, Pair::other);
        if (row.referenceWords() == 0 || other.referenceWords() == 0) return new Mean(null, null, 0);
        return FactMean.of(
                100 * (row.rate() - other.rate()),
                heard.stream()
                        .map(pair -> new FactMean.Residual(
                                pair.question().fact(),
                                100
                                        * (share(pair.row().errors(), row)
                                                - share(pair.other().errors(), other))))
                        .toList());
    }

    private static WordErrors sum(List<Pair> pairs, Function<Pair, Reply> of) {
        return pairs.stream().map(of).map(Reply::errors).reduce(WordErrors.NONE, WordErrors::plus);
    }

    private static double share(WordErrors one, WordErrors all) {
        return (one.edits() - all.rate() * one.referenceWords()) / all.referenceWords();
    }
}
