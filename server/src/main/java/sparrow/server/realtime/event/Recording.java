package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import sparrow.models.Question;

/** Something that a user said, and what the model hears in it once it has listened. Belongs to one session. */
@JsonTypeName("input_audio")
public final class Recording implements Content {
    /** The outcome of the model's listening to a recording. */
    public sealed interface Heard {
        record NotYet() implements Heard {}

        /**
         * It heard speech.
         *
         * @param question as it stands in prompts
         */
        record Something(Question question, long nanos) implements Heard {}

        /** @param why it cannot make anything of it, in one line */
        record Nothing(String why) implements Heard {}
    }

    private final double seconds;
    private Heard heard = new Heard.NotYet();
    private String transcript;

    public Recording(double seconds) {
        this.seconds = seconds;
    }

    public double seconds() {
        return seconds;
    }

    /** The time that the model took to listen to it; 0 if it has not, or heard nothing. */
    public long listeningNanos() {
        return heard instanceof Heard.Something something ? something.nanos() : 0;
    }

    /** The text of it; null until it is written down, if the session wants that. */
    @JsonProperty
    String transcript() {
        return transcript;
    }

    public void transcribed(String text) {
        transcript = text;
    }

    public Heard heard() {
        return heard;
    }

    public boolean isPending() {
        return heard instanceof Heard.NotYet;
    }

    public void heard(Heard what) {
        heard = what;
    }
}
