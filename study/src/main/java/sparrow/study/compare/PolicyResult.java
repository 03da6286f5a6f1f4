package sparrow.study.compare;

import java.util.ArrayList;
import java.util.List;
import sparrow.app.report.Mean;
import sparrow.app.report.Table;
import sparrow.study.compare.CompareFiles.ItemResult;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.QuestionSet;

/**
 * The figures of one policy.
 *
 * @param policy that it is the result of
 * @param sets one result a set of questions, in their order
 * @param meanTextScore of the sets, each counting the same
 * @param meanHeardScore likewise
 * @param all questions of all sets together
 * @param replies for differences from other rows
 */
public record PolicyResult(
        PolicyCase policy,
        List<SetResult> sets,
        Mean meanTextScore,
        Mean meanHeardScore,
        SetResult all,
        List<PairedDifference.Reply> replies) {
    /** The name of all sets together. */
    static final String ALL = "all";

    /**
     * Sums up the replies of a row.
     *
     * @param fullDepth replies of full depth to the same questions; none for full depth itself
     */
    static PolicyResult of(
            PolicyCase policy, List<ItemResult> items, List<PairedDifference.Reply> fullDepth, CompareSetup setup) {
        List<PairedDifference.Reply> replies =
                items.stream().map(PairedDifference.Reply::of).toList();
        List<SetResult> sets = new ArrayList<>();
        for (QuestionSet set : setup.study().sets()) {
            List<ItemResult> inSet =
                    items.stream().filter(item -> item.asked().set() == set).toList();
            List<PairedDifference.Reply> own =
                    replies.stream().filter(reply -> reply.asked().set() == set).toList();
            sets.add(SetResult.of(set.name(), inSet, PairedDifference.between(own, fullDepth), setup));
        }
        return new PolicyResult(
                policy,
                sets,
                Mean.ofMeans(sets.stream().map(SetResult::textScore).toList()),
                Mean.ofMeans(sets.stream().map(SetResult::heardScore).toList()),
                SetResult.of(ALL, items, PairedDifference.between(replies, fullDepth), setup),
                replies);
    }

    /** The policy in its notation. */
    public String policies() {
        return policy.policies();
    }

    /** Points of the transcripts where all replies were transcribed, as in the paper; else those of the text. */
    public Mean score() {
        return PairedDifference.score(meanHeardScore, meanTextScore);
    }

    /** Rows as a table for people: scores set by set, the rest of all sets together. */
    public static Table<PolicyResult> table(List<PolicyResult> rows) {
        return ResultTables.overview(rows);
    }

    /** The differences of this row from another row of the same comparison, over all sets. */
    public PairedDifference minus(PolicyResult other) {
        return PairedDifference.between(replies, other.replies);
    }
}
