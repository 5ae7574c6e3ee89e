#include <memory>

#include "relay/http/channel.hpp"

// GObject's side of a Channel: three small classes, because GIO asks for them. Their
// instances hold the channel by a shared_ptr constructed and destroyed in place.
namespace tongke::relay::http {
namespace {

using ChannelPtr = std::shared_ptr<Channel>;

struct TongkeHttpInput {
  GInputStream parent;
  ChannelPtr channel;
};
struct TongkeHttpOutput {
  GOutputStream parent;
  ChannelPtr channel;
};
struct TongkeHttpStream {
  GIOStream parent;
  ChannelPtr channel;
  GInputStream* input;
  GOutputStream* output;
};
struct TongkeHttpInputClass {
  GInputStreamClass parent;
};
struct TongkeHttpOutputClass {
  GOutputStreamClass parent;
};
struct TongkeHttpStreamClass {
  GIOStreamClass parent;
};

template <class T>
T* self(gpointer instance) noexcept {
  return static_cast<T*>(instance);
}

template <class T>
void destroy_channel(GObject* object) {
  std::destroy_at(&self<T>(object)->channel);
}

void input_iface(GPollableInputStreamInterface* iface, gpointer) {
  iface->is_readable = [](GPollableInputStream* s) -> gboolean { return self<TongkeHttpInput>(s)->channel->readable(); };
  iface->create_source = [](GPollableInputStream* s, GCancellable*) {
    return self<TongkeHttpInput>(s)->channel->watch(G_OBJECT(s), G_IO_IN);
  };
  iface->read_nonblocking = [](GPollableInputStream* s, void* buffer, gsize size, GError** error) {
    return self<TongkeHttpInput>(s)->channel->read(buffer, size, error);
  };
}

void output_iface(GPollableOutputStreamInterface* iface, gpointer) {
  iface->is_writable = [](GPollableOutputStream* s) -> gboolean { return self<TongkeHttpOutput>(s)->channel->writable(); };
  iface->create_source = [](GPollableOutputStream* s, GCancellable*) {
    return self<TongkeHttpOutput>(s)->channel->watch(G_OBJECT(s), G_IO_OUT);
  };
  iface->write_nonblocking = [](GPollableOutputStream* s, const void* data, gsize size, GError** error) {
    return self<TongkeHttpOutput>(s)->channel->write(data, size, error);
  };
}

G_DEFINE_FINAL_TYPE_WITH_CODE(TongkeHttpInput, input, G_TYPE_INPUT_STREAM,
                              G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM, input_iface))
G_DEFINE_FINAL_TYPE_WITH_CODE(TongkeHttpOutput, output, G_TYPE_OUTPUT_STREAM,
                              G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_OUTPUT_STREAM, output_iface))
G_DEFINE_FINAL_TYPE(TongkeHttpStream, stream, G_TYPE_IO_STREAM)

void input_init(TongkeHttpInput* input) { std::construct_at(&input->channel); }
void input_class_init(TongkeHttpInputClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = [](GObject* object) {
    destroy_channel<TongkeHttpInput>(object);
    G_OBJECT_CLASS(input_parent_class)->finalize(object);
  };
  G_INPUT_STREAM_CLASS(klass)->read_fn = [](GInputStream* s, void* buffer, gsize size, GCancellable*, GError** error) {
    return self<TongkeHttpInput>(s)->channel->read(buffer, size, error);
  };
}

void output_init(TongkeHttpOutput* output) { std::construct_at(&output->channel); }
void output_class_init(TongkeHttpOutputClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = [](GObject* object) {
    destroy_channel<TongkeHttpOutput>(object);
    G_OBJECT_CLASS(output_parent_class)->finalize(object);
  };
  G_OUTPUT_STREAM_CLASS(klass)->write_fn = [](GOutputStream* s, const void* data, gsize size, GCancellable*,
                                              GError** error) {
    return self<TongkeHttpOutput>(s)->channel->write(data, size, error);
  };
}

void stream_init(TongkeHttpStream* stream) {
  std::construct_at(&stream->channel);
  stream->input = G_INPUT_STREAM(g_object_new(input_get_type(), nullptr));
  stream->output = G_OUTPUT_STREAM(g_object_new(output_get_type(), nullptr));
}
void stream_class_init(TongkeHttpStreamClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = [](GObject* object) {
    g_object_unref(self<TongkeHttpStream>(object)->input);
    g_object_unref(self<TongkeHttpStream>(object)->output);
    destroy_channel<TongkeHttpStream>(object);
    G_OBJECT_CLASS(stream_parent_class)->finalize(object);
  };
  G_IO_STREAM_CLASS(klass)->get_input_stream = [](GIOStream* s) { return self<TongkeHttpStream>(s)->input; };
  G_IO_STREAM_CLASS(klass)->get_output_stream = [](GIOStream* s) { return self<TongkeHttpStream>(s)->output; };
  G_IO_STREAM_CLASS(klass)->close_fn = [](GIOStream* s, GCancellable*, GError**) -> gboolean {
    self<TongkeHttpStream>(s)->channel->stream_closed();
    return TRUE;
  };
}

}  // namespace

base::glib::Handle<GIOStream> make_stream(std::shared_ptr<Channel> channel) {
  auto* stream = static_cast<TongkeHttpStream*>(g_object_new(stream_get_type(), nullptr));
  self<TongkeHttpInput>(stream->input)->channel = channel;
  self<TongkeHttpOutput>(stream->output)->channel = channel;
  stream->channel = std::move(channel);
  return base::glib::adopt(G_IO_STREAM(stream));
}

}  // namespace tongke::relay::http
