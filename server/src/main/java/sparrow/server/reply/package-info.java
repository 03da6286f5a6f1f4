/**
 * The requests of all protocols to the model, and its replies: {@link sparrow.server.reply.ServedModel} is the model and its defaults,
 * {@link sparrow.server.reply.RequestOverrides} the settings of one request, and {@link sparrow.server.reply.ReplyEvent} a reply while it
 * comes into being. {@link sparrow.server.reply.Answering} asks for a reply to a request over HTTP and gives it to a {@link
 * sparrow.server.reply.ReplyWriter}.
 */
package sparrow.server.reply;
