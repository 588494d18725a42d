"""What editors upload in the CMS, made harmless like every other file (portal/base/uploads.py)."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.base.uploads import PICTURE_TYPES, clean_upload, damaged_picture, unknown


def _clean(upload: Any, *, only_pictures: bool = False) -> Any:
    """The file as it may be kept; one that was there before is left alone."""
    if not isinstance(upload, UploadedFile):
        return upload
    clean = clean_upload(upload)
    if only_pictures and clean.content_type not in PICTURE_TYPES:
        raise unknown()
    clean.content.seek(0)
    return SimpleUploadedFile(clean.name, clean.content.read(), clean.content_type)


class DocumentForm(BaseDocumentForm):
    """Known by its content: a page or a drawing that calls itself a PDF is refused."""

    def clean_file(self) -> Any:
        return _clean(self.cleaned_data["file"])


class PictureField(WagtailImageField):
    """A picture that breaks off in its first lines is refused in a sentence like any other."""

    def check_image_pixel_size(self, f: Any) -> None:
        try:
            super().check_image_pixel_size(f)
        except (OSError, ValueError, SyntaxError, EOFError):
            raise damaged_picture() from None


class ImageForm(BaseImageForm):
    """Drawn anew: the place and the camera that a photo was taken with stay behind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=field.label,
                required=field.required,
                widget=field.widget,
                max_length=field.max_length,
            )

    def clean_file(self) -> Any:
        return _clean(self.cleaned_data["file"], only_pictures=True)
