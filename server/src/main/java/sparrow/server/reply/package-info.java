/**
 * The requests of both wires, Chat Completions and Realtime, to the model: {@link sparrow.server.reply.ServedModel} is the model and
 * its defaults, {@link sparrow.server.reply.RequestOverrides} what a client wants otherwise, and
 * {@link sparrow.server.reply.RefusedException} how a client hears that it cannot be. {@link sparrow.server.reply.Ids} and
 * {@link sparrow.server.reply.RefusalLog} are for both as well.
 */
package sparrow.server.reply;
