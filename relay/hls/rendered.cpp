#include "relay/hls/rendered.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "relay/hls/playlist.hpp"

namespace tongke::relay::hls {

namespace {

base::SharedBytes shared(std::string_view text) {
  const base::ByteView bytes = base::as_bytes(text);
  return base::SharedBytes(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

base::SharedBytes joined(base::ByteView a, base::ByteView b) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(a.size() + b.size());
  bytes.insert(bytes.end(), a.begin(), a.end());
  bytes.insert(bytes.end(), b.begin(), b.end());
  return base::SharedBytes(std::move(bytes));
}

void set_etags(RenderedPlaylist& rendered, std::uint32_t crc, std::uint64_t size) {
  std::array<char, 40> tag{};
  std::snprintf(tag.data(), tag.size(), "\"%08x-%llx", crc, static_cast<unsigned long long>(size));
  rendered.etag = std::string(tag.data()) + "\"";
  rendered.gzip_etag = std::string(tag.data()) + "-gz\"";
}

}  // namespace

std::shared_ptr<const HistoryText::Text> HistoryText::text(const live::LessonSnapshot& lesson,
                                                           const live::RenditionSnapshot& rendition) {
  if (rendition.history->empty()) return nullptr;
  return newest_.with([&](std::shared_ptr<const Text>& newest) {
    if (newest && newest->of == rendition.history) return newest;
    const live::SegmentHistory& blocks = *rendition.history;
    // Nearly always the old blocks are still there and new ones follow; when one changed
    // (a segment got lost) or the oldest left, all is made anew.
    std::size_t done = 0;
    if (newest && newest->of->size() <= blocks.size() &&
        std::equal(newest->of->begin(), newest->of->end(), blocks.begin())) {
      done = newest->of->size();
    }
    std::string added;
    for (std::size_t i = done; i < blocks.size(); ++i) added += media_block(lesson, rendition, *blocks[i]);
    Deflater deflater;
    const Deflated packed = deflater.deflate(added, false);
    auto made = std::make_shared<Text>();
    made->of = rendition.history;
    if (done == 0) {
      made->plain = shared(added);
      made->deflated = base::SharedBytes(packed.bytes);
      made->crc = packed.crc;
    } else {
      made->plain = joined(newest->plain.view(), base::as_bytes(added));
      made->deflated = joined(newest->deflated.view(), packed.bytes);
      made->crc = static_cast<std::uint32_t>(
          crc32_combine(newest->crc, packed.crc, static_cast<z_off_t>(packed.size)));
    }
    newest = std::move(made);
    return newest;
  });
}

void PlaylistCache::set(std::shared_ptr<const live::LessonSnapshot> lesson, Histories histories) {
  lesson_ = std::move(lesson);
  histories_ = std::move(histories);
  made_.clear();
}

PlaylistCache::Rendered PlaylistCache::render(const std::string& text) {
  auto rendered = std::make_shared<RenderedPlaylist>();
  rendered->plain = {shared(text)};
  const Deflated packed = deflater_.deflate(text, true);
  std::vector<std::uint8_t> gzip = gzip_header();
  gzip.insert(gzip.end(), packed.bytes.begin(), packed.bytes.end());
  append_gzip_trailer(gzip, packed.crc, packed.size);
  rendered->gzip = {base::SharedBytes(std::move(gzip))};
  set_etags(*rendered, packed.crc, packed.size);
  return rendered;
}

PlaylistCache::Rendered PlaylistCache::master(Reader reader) {
  const auto [at, fresh] = made_.try_emplace({nullptr, reader == Reader::vlc});
  if (fresh) {
    const std::string text = master_playlist(*lesson_, reader);
    if (!text.empty()) at->second = render(text);
  }
  return at->second;
}

PlaylistCache::Rendered PlaylistCache::delta(const live::RenditionSnapshot& rendition) {
  // Nothing of an ended lesson is skipped, and its whole text comes from shared pieces.
  if (lesson_->ended) return media(rendition);
  const auto [at, fresh] = made_.try_emplace({&rendition, true});
  if (fresh) at->second = render(media_delta(*lesson_, rendition));
  return at->second;
}

PlaylistCache::Rendered PlaylistCache::media(const live::RenditionSnapshot& rendition) {
  const auto [at, fresh] = made_.try_emplace({&rendition, false});
  if (!fresh) return at->second;
  const auto keeper = histories_.find(rendition.id);
  const auto history = keeper == histories_.end() ? nullptr : keeper->second->text(*lesson_, rendition);
  if (!history) {
    at->second = render(media_playlist(*lesson_, rendition));
    return at->second;
  }
  const std::string head = media_head(*lesson_, rendition);
  const std::string tail = media_tail(*lesson_, rendition);
  auto rendered = std::make_shared<RenderedPlaylist>();
  rendered->plain = {shared(head), history->plain, shared(tail)};

  Deflated packed = deflater_.deflate(head, false);
  std::vector<std::uint8_t> first = gzip_header();
  first.insert(first.end(), packed.bytes.begin(), packed.bytes.end());
  packed.append({{}, history->crc, history->plain.size()});
  Deflated last = deflater_.deflate(tail, true);
  packed.append({{}, last.crc, last.size});
  append_gzip_trailer(last.bytes, packed.crc, packed.size);
  rendered->gzip = {base::SharedBytes(std::move(first)), history->deflated,
                    base::SharedBytes(std::move(last.bytes))};
  set_etags(*rendered, packed.crc, packed.size);
  at->second = std::move(rendered);
  return at->second;
}

}  // namespace tongke::relay::hls
