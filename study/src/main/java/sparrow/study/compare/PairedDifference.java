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
import sparrow.study.run.StudyQuestion;
import sparrow.study.text.WordErrors;

/**
 * The differences between two policies, question by question. Both policies answer the same questions, so the error of
 * a difference is smaller than the policies' own errors suggest. Questions with equal reference answers form a cluster,
 * because sets may contain a question in several forms. Differences are summed within a cluster before the standard
 * error is computed.
 *
 * @param text difference in points for the text, averaged over sets
 * @param heard difference in points for the transcript, averaged over sets
 * @param wer difference in word error rate in percent, over all questions
 * @param mos difference in predicted opinion score, over all questions
 * @param same number of replies that are equal token by token
 * @param questions number of questions that both policies answered
 */
public record PairedDifference(Mean text, Mean heard, Mean wer, Mean mos, int same, int questions) {
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

        boolean both(Function<Reply, ?> value) {
            return value.apply(row) != null && value.apply(other) != null;
        }

        double difference(Function<Reply, Double> value) {
            return value.apply(row) - value.apply(other);
        }
    }

    /** The contribution of a pair to the error of a difference. */
    private record Residual(StudyQuestion question, double value) {}

    /** Returns the differences {@code row - other}, over the questions that both policies answered. */
    public static PairedDifference between(List<Reply> row, List<Reply> other) {
        Map<String, Reply> others = new HashMap<>();
        for (Reply reply : other) others.put(reply.question().toString(), reply);
        List<Pair> pairs = row.stream()
                .filter(reply -> others.containsKey(reply.question().toString()))
                .map(reply -> new Pair(reply, others.get(reply.question().toString())))
                .toList();
        return new PairedDifference(
                meanOfSets(pairs, Reply::text),
                meanOfSets(pairs, Reply::heard),
                wordErrorRate(pairs),
                mean(pairs, Reply::mos),
                (int) pairs.stream()
                        .filter(pair -> pair.row().sha256().equals(pair.other().sha256()))
                        .count(),
                pairs.size());
    }

    /**
     * Returns the difference in transcript points if all replies were transcribed, as in the paper, or in text points
     * otherwise.
     */
    public Mean score() {
        return score(heard, text);
    }

    static Mean score(Mean heard, Mean text) {
        return heard.value() != null && heard.count() >= text.count() ? heard : text;
    }

    private static Mean meanOfSets(List<Pair> pairs, Function<Reply, Double> value) {
        Map<String, List<Pair>> sets = pairs.stream()
                .collect(Collectors.groupingBy(pair -> pair.question().set().name()));
        double sum = 0;
        List<Residual> residuals = new ArrayList<>();
        for (List<Pair> all : sets.values()) {
            List<Pair> set = all.stream().filter(pair -> pair.both(value)).toList();
            if (set.isEmpty()) return new Mean(null, null, 0);
            double mean = average(set, value);
            sum += mean;
            for (Pair pair : set) {
                residuals.add(
                        new Residual(pair.question(), (pair.difference(value) - mean) / (set.size() * sets.size())));
            }
        }
        return sets.isEmpty() ? new Mean(null, null, 0) : mean(sum / sets.size(), residuals);
    }

    private static Mean mean(List<Pair> pairs, Function<Reply, Double> value) {
        List<Pair> scored = pairs.stream().filter(pair -> pair.both(value)).toList();
        if (scored.isEmpty()) return new Mean(null, null, 0);
        double mean = average(scored, value);
        return mean(
                mean,
                scored.stream()
                        .map(pair -> new Residual(pair.question(), (pair.difference(value) - mean) / scored.size()))
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
        return mean(
                100 * (row.rate() - other.rate()),
                heard.stream()
                        .map(pair -> new Residual(
                                pair.question(),
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

    /**
     * Returns a mean with its error. For C clusters with residual sums z_c, SE = sqrt(C/(C-1) sum z_c^2), which is the
     * usual error if each cluster has one question.
     */
    private static Mean mean(double value, List<Residual> residuals) {
        Map<Object, Double> clusters = new HashMap<>();
        for (Residual one : residuals) {
            List<String> answers = one.question().item().answers();
            clusters.merge(answers.isEmpty() ? one.question().toString() : answers, one.value(), Double::sum);
        }
        int count = clusters.size();
        if (count < 2) return new Mean(value, null, residuals.size());
        double squares = clusters.values().stream().mapToDouble(z -> z * z).sum();
        return new Mean(value, Math.sqrt(squares * count / (count - 1)), residuals.size());
    }
}
