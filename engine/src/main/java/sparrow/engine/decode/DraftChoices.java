package sparrow.engine.decode;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.Modality;

/**
 * The exit policies of a reply, where some of them may find their own drafts ({@link ExitPolicy.DraftAuto}, {@link
 * ExitPolicy.AheadAuto}).
 */
final class DraftChoices {
    private final ExitPlan plan;
    private final Map<Modality, AdaptiveDraft> adaptive = new EnumMap<>(Modality.class);

    /** Measures what rows cost if that has to be known and is not. */
    DraftChoices(LanguageModel model, GenerationConfig config, Sequence sequence) {
        this.plan = config.plan();
        for (Modality modality : Modality.values()) {
            ExitPolicy policy = plan.policy(modality);
            boolean exits = policy instanceof ExitPolicy.DraftAuto;
            if (!exits && !(policy instanceof ExitPolicy.AheadAuto)) continue;
            RowCosts costs = model.rows().of(model);
            boolean speech = modality == Modality.SPEECH;
            boolean part = speech && config.speechLogits() == SpeechLogits.SPEECH;
            adaptive.put(
                    modality,
                    new AdaptiveDraft(
                            costs,
                            model.layers(),
                            part ? costs.speechHead() : costs.fullHead(),
                            speech ? costs.speechHead() : costs.fullHead(),
                            exits ? exitLayers(model, costs) : List.of(model.layers()),
                            sequence.acceptance(modality)));
        }
    }

    /** The layers whose heads are there, and whose costs are known. */
    private static Collection<Integer> exitLayers(LanguageModel model, RowCosts costs) {
        return model.heads().layers().stream()
                .filter(costs.exitHeads()::containsKey)
                .toList();
    }

    /** What positions of a modality do at present. */
    ExitPolicy policy(Modality modality) {
        AdaptiveDraft own = adaptive.get(modality);
        return own == null ? plan.policy(modality) : own.choice();
    }

    /**
     * Full depth has decided about some drafts, or about none and one token of its own.
     *
     * @param drafts in their order
     * @param right how many of them stay; the next one, if there is one and the reply goes on, was wrong
     * @param ended whether the reply has ended
     * @param own modality of the position that decided
     */
    void confirmed(List<EarlyToken> drafts, int right, boolean ended, Modality own) {
        if (adaptive.isEmpty()) return;
        for (int i = 0; i < drafts.size() && (i < right || (i == right && !ended)); i++) {
            AdaptiveDraft drafter = adaptive.get(drafts.get(i).modality());
            if (drafter != null) drafter.decided(drafts.get(i).layer(), i < right);
        }
        AdaptiveDraft first =
                adaptive.get(drafts.isEmpty() ? own : drafts.getFirst().modality());
        if (first == null) return;
        if (drafts.isEmpty()) first.ranFull();
        else first.cycleEnded();
    }
}
