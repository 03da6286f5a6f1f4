package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import sparrow.engine.interleave.Unit;

/** A part of an item. Clients receive it without its audio. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Content permits Content.InputText, Recording, Content.OutputText, Content.OutputAudio {
    /** Text from the user or the system. */
    @JsonTypeName("input_text")
    record InputText(String text) implements Content {}

    /** Text from the model. */
    @JsonTypeName("output_text")
    record OutputText(String text, @JsonIgnore List<Unit> units) implements Content {}

    /** Speech from the model. */
    @JsonTypeName("output_audio")
    record OutputAudio(
            String transcript,
            @JsonIgnore List<Unit> units,
            @JsonIgnore long ms) implements Content {}

    /** The position of a part among a conversation's items. */
    record Key(String itemId, int contentIndex) {}
}
