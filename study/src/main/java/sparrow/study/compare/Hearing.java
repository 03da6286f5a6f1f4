package sparrow.study.compare;

import java.io.IOException;
import java.util.Optional;
import sparrow.models.SpokenModel;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.Form;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.WorkKind;

/**
 * Recognises speech and predicts opinions of it.
 *
 * @param plan whose recogniser and opinion scorer are used, by paths that are valid wherever it is done
 * @param threads that listen at the same time; null for as many as the model computes on
 * @param opened listeners of this process, which stay open; if empty, those of the plan are opened and closed again
 */
record Hearing(ScoringPlan plan, Integer threads, Optional<Listeners> opened) implements Work<Sounds, Heard> {
    private static final String KIND = "hear";

    private record Settings(String asr, String mos, Integer threads) {}

    /** For workers elsewhere. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return KIND;
        }

        @Override
        public Hearing work(Parcel parcel) {
            Settings settings = parcel.read(Settings.class);
            if (settings.asr() == null || settings.mos() == null) {
                throw new BadParcelException("hear: expected a recogniser and a scorer, or none, found null");
            }
            return new Hearing(ScoringPlan.listening(settings.asr(), settings.mos()), settings.threads());
        }
    }

    /** Listeners of a plan, opened where it is done. */
    Hearing(ScoringPlan plan, Integer threads) {
        this(plan, threads, Optional.empty());
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Parcel settings() {
        return Parcel.of(new Settings(plan.asr(), plan.mos(), threads));
    }

    @Override
    public Station<Sounds, Heard> station(SpokenModel model) throws IOException {
        if (opened.isPresent()) return new HearingStation(opened.get(), () -> {});
        int atOnce = threads != null
                ? threads
                : model.languageModel().transformer().kernels().pool().threads();
        Listeners own = Listeners.open(plan, atOnce);
        return new HearingStation(own, own::close);
    }

    @Override
    public Form<Sounds> tasks() {
        return Form.of(Sounds::pack, Sounds::unpack);
    }

    @Override
    public Form<Heard> results() {
        return Form.json(Heard.class);
    }
}
