package sparrow.engine.decode;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.interleave.Modality;

/** The exit policies of a reply, where some of them may find their own drafts ({@link ExitPolicy.DraftAuto}). */
final class DraftChoices {
    private final ExitPlan plan;
    private final Map<Modality, AdaptiveDraft> adaptive = new EnumMap<>(Modality.class);

    /** Measures what rows cost if that has to be known and is not. */
    DraftChoices(LanguageModel model, GenerationConfig config, Sequence sequence) {
        this.plan = config.plan();
        for (Modality modality : Modality.values()) {
            if (!(plan.policy(modality) instanceof ExitPolicy.DraftAuto)) continue;
            RowCosts costs = model.rows().of(model);
            boolean part = modality == Modality.SPEECH && config.speechLogits() == SpeechLogits.SPEECH;
            double head = part ? costs.speechHead() : costs.fullHead();
            adaptive.put(modality, new AdaptiveDraft(costs, model.layers(), head, sequence.acceptance(modality)));
        }
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
