package sparrow.study.worker;

import sparrow.models.SpokenModel;
import sparrow.study.run.Form;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.WorkKind;

/** Work that is never done. */
public final class NoWork implements Work<String, String> {
    /** For the service. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public NoWork work(Parcel settings) {
            return new NoWork();
        }
    }

    @Override
    public Station<String, String> station(SpokenModel model) {
        throw new AssertionError("begun");
    }

    @Override
    public String kind() {
        return "nothing";
    }

    @Override
    public Parcel settings() {
        return Parcel.of("");
    }

    @Override
    public Form<String> tasks() {
        return Form.json(String.class);
    }

    @Override
    public Form<String> results() {
        return Form.json(String.class);
    }
}
