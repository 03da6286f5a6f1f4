package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.report.FactMean;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;

/**
 * The results of a policy.
 *
 * @param policy the policy
 * @param sets one result per question set, in the order of the sets
 * @param meanTextScore mean text score over sets, with equal weights
 * @param meanHeardScore mean transcript score over sets, with equal weights
 * @param all result over all questions
 * @param replies replies for computing differences from other policies
 */
public record PolicyResult(
        PolicyCase policy,
        List<SetResult> sets,
        Mean meanTextScore,
        Mean meanHeardScore,
        SetResult all,
        List<PairedDifference.Reply> replies) {
    /** The name of the union of all sets. */
    static final String ALL = "all";

    /**
     * Summarises the replies of a policy.
     *
     * @param fullDepth replies to the questions at full depth, or empty for full depth itself
     */
    static PolicyResult of(
            PolicyCase policy, List<ItemResult> items, List<PairedDifference.Reply> fullDepth, CompareSetup setup) {
        List<PairedDifference.Reply> replies =
                items.stream().map(PairedDifference.Reply::of).toList();
        List<SetResult> sets = new ArrayList<>();
        for (QuestionSet set : setup.study().sets()) {
            List<ItemResult> inSet =
                    items.stream().filter(item -> item.question().set() == set).toList();
            List<PairedDifference.Reply> own = replies.stream()
                    .filter(reply -> reply.question().set() == set)
                    .toList();
            sets.add(SetResult.of(set.name(), inSet, PairedDifference.between(own, fullDepth), setup));
        }
        return new PolicyResult(
                policy,
                sets,
                overSets(setup, items, ReplyScores::textPoints),
                overSets(setup, items, ReplyScores::speechPoints),
                SetResult.of(ALL, items, PairedDifference.between(replies, fullDepth), setup),
                replies);
    }

    private static Mean overSets(CompareSetup setup, List<ItemResult> items, Function<ReplyScores, Double> score) {
        return FactMean.ofSets(setup.study().sets().stream()
                .map(set -> SetResult.values(
                        items.stream()
                                .filter(item -> item.question().set() == set)
                                .toList(),
                        score))
                .toList());
    }

    /** Returns the policy in its notation. */
    public String policies() {
        return policy.policies();
    }

    /** Returns the transcript points, as in the paper, or the text points without transcripts. */
    public Mean score() {
        return PairedDifference.score(meanHeardScore, meanTextScore);
    }

    /** Returns a table for display, with scores for each set and other values over all sets. */
    public static Table<PolicyResult> table(List<PolicyResult> rows) {
        return ResultTables.overview(rows);
    }

    /** Returns the differences from another policy of the same comparison, over all sets. */
    public PairedDifference minus(PolicyResult other) {
        return PairedDifference.between(replies, other.replies);
    }
}
